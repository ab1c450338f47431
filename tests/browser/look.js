// What the tests ask an open page; put into it by them, never served.

globalThis.look = {
  // What axe finds under these rules, a line for each place; what stays in sight is put where it belongs on the page, so
  // that it lies over nothing else.
  async axe(rules) {
    for (const one of document.querySelectorAll("body *")) {
      if (["sticky", "fixed"].includes(getComputedStyle(one).position)) one.style.position = "static";
    }
    const found = await axe.run(document, { resultTypes: ["violations"], runOnly: rules });
    return found.violations.flatMap((rule) =>
      rule.nodes.map((node) => `${rule.id}: ${node.html.slice(0, 200)} ${node.any.map((one) => one.message).join(" ")}`),
    );
  },

  // What reaches beyond the screen's edge outside of a table's own box, when the page can be moved sideways.
  sideways() {
    if (document.documentElement.scrollWidth <= innerWidth) return [];
    const beyond = [...document.querySelectorAll("body *")].filter(
      (one) => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest(".table-box"),
    );
    return ["the page scrolls sideways", ...beyond.map((one) => one.outerHTML.slice(0, 200))];
  },
};
