// What the tests ask an open page; put into it by them, never served.

globalThis.look = {
  // What axe finds under these rules, a line for each place.
  async axe(rules) {
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

  // The words of the page, a line for each piece of text and each label that is only heard; what is marked as
  // Vietnamese is left out.
  words() {
    const found = [];
    const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const { parentElement: around, data } = walker.currentNode;
      if (!around.closest("[lang=vi], script, style, textarea")) found.push(data.replace(/\s+/g, " ").trim());
    }
    for (const name of ["aria-label", "title", "placeholder", "alt"]) {
      for (const one of document.querySelectorAll(`[${name}]`)) found.push(one.getAttribute(name));
    }
    return found.filter(Boolean);
  },

  // The structure of the page without its words; a row of equal neighbours counts once.
  skeleton() {
    const line = (one) => {
      const marks = ["class", "role", "type", "aria-label", "aria-labelledby"].map((name) => one.getAttribute(name) ?? "");
      const inside = [...one.children].map(line).filter((text, place, all) => text !== all[place - 1]);
      return `${one.localName}|${marks.join("|")}(${inside.join("")})`;
    };
    return line(document.documentElement);
  },
};
