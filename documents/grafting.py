"""The tags of a joined file: those of pages that were left out go, those of what was painted on a page are added."""

from collections.abc import Collection, Iterator
from typing import Any

from pikepdf import Array, Dictionary, Name, String

SAID = ("/Alt", "/ActualText", "/Lang")


def prune(whole: Any, gone: Collection[tuple[int, int]], keys: Collection[int]) -> None:
    """Take the tags away whose text stands on pages that are left out, by the pages and the keys of their text."""
    root = whole.Root.StructTreeRoot
    root.K = Array([one for one in _kids(root) if _stays(one, gone)])
    numbers = root.ParentTree.Nums
    pairs = [(int(numbers[at]), numbers[at + 1]) for at in range(0, len(numbers), 2)]
    root.ParentTree.Nums = Array([thing for key, value in pairs if key not in keys for thing in (key, value)])


def _stays(element: Any, gone: Collection[tuple[int, int]]) -> bool:
    """Whether anything of an element is left, once what stood on these pages is taken out of it."""
    away = "/Pg" in element and element.Pg.objgen in gone
    before = list(_kids(element))
    kept = [kid for kid in before if _kid_stays(kid, gone, away=away)]
    element.K = Array(kept)
    if away:
        del element["/Pg"]
    return bool(kept) or not (before or away)


def _kid_stays(kid: Any, gone: Collection[tuple[int, int]], *, away: bool) -> bool:
    if not isinstance(kid, Dictionary):
        return not away
    if "/MCID" in kid:
        return kid.Pg.objgen not in gone if "/Pg" in kid else not away
    return "/S" in kid and _stays(kid, gone)


def graft(whole: Any, part: Any, page: Any, drawn: Any) -> int:
    """Tag what is drawn on a page as its own file does; the key under which its text finds its tags is given."""
    root = whole.Root.StructTreeRoot
    document = root.K[0]
    section = whole.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Sect, P=document, Pg=page))
    of_text: dict[int, Any] = {}
    section.K = Array([_copied(whole, kid, section, drawn, of_text) for kid in _kids(part.Root.StructTreeRoot.K[0])])
    document.K = Array([*_kids(document), section])
    numbers = root.ParentTree.Nums
    key = max((int(numbers[at]) for at in range(0, len(numbers), 2)), default=-1) + 1
    none = section
    numbers.extend([key, Array([of_text.get(at, none) for at in range(max(of_text, default=-1) + 1)])])
    return key


def _copied(whole: Any, element: Any, parent: Any, drawn: Any, of_text: dict[int, Any]) -> Any:
    """An element with all below it, whose text stands in what is drawn on the page."""
    mine = whole.make_indirect(Dictionary(Type=Name.StructElem, S=element.S, P=parent, Pg=parent.Pg))
    for name in SAID:
        if name in element:
            mine[name] = String(str(element[name]))
    kids = Array()
    for kid in _kids(element):
        if isinstance(kid, Dictionary) and "/S" in kid:
            kids.append(_copied(whole, kid, mine, drawn, of_text))
        elif not isinstance(kid, Dictionary) or "/MCID" in kid:
            number = int(kid.MCID) if isinstance(kid, Dictionary) else int(kid)
            kids.append(Dictionary(Type=Name.MCR, Pg=parent.Pg, Stm=drawn, MCID=number))
            of_text[number] = mine
    mine.K = kids
    return mine


def _kids(element: Any) -> Iterator[Any]:
    """What stands directly below an element: one thing or a list of them."""
    kids = element.get("/K", Array())
    yield from kids if isinstance(kids, Array) else [kids]
