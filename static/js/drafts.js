// Forms that are kept while they are filled in (data-draft, templates/components/draft.html). A form that stands again
// as it was found has nothing to keep.

import { collect, same } from "fields";
import { Saver } from "saver";
import { takeUp } from "takeup";

for (const form of document.querySelectorAll("form[data-draft]")) {
  const { draft: url, address, seen, restored, unsent } = form.dataset;
  const found = collect(form);
  const offer = (fields) => {
    const nothing = !restored && !unsent && same(fields, found);
    return { address, seen: Number(seen), fields: nothing ? null : fields };
  };
  const saver = new Saver(form, { url, offer });
  if (unsent) saver.mustSave();
  takeUp(form, saver);
}
