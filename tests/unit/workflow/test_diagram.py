"""The picture of a procedure: complete, readable, the same every time, and laid out without collisions."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import combinations, pairwise
from xml.etree import ElementTree as ET

import pytest

from tests.builders import procedures
from workflow.diagram import TIERS, WORDS, describe, draw, draw_revocation
from workflow.diagram_layout import Box, Layout, lay_out, text_of, width_of, wrap
from workflow.diagram_parts import part_of, review_states
from workflow.diagram_plan import make_plan
from workflow.loader import load_all
from workflow.names import EventType, Level, Mark, Reach, Role, StateKind, Subject, Tier
from workflow.procedure import Action, Branch, Procedure, State

SVG = "{http://www.w3.org/2000/svg}"
SHIPPED = procedures()
EVERY = [(key, lang) for key in SHIPPED for lang in WORDS]
HOLDERS: Mapping[Tier | None, Role | None] = {
    None: None,
    Tier.COMMUNE: Role.COMMUNE_OFFICER,
    Tier.DISTRICT: Role.DISTRICT_REVIEWER,
    Tier.PROVINCE: Role.DEPARTMENT_OFFICER,
}


def a_state(name: str, kind: StateKind, tier: Tier | None) -> State:
    """A state named after itself."""
    return State(name, f"Nơi {name}", f"Place {name}", kind, HOLDERS[tier], None, None)


def an_action(name: str, sources: str, targets: str) -> Action:
    """An action from and to the states named by one letter each."""
    branches = tuple(Branch(to, EventType.SUBMITTED, ()) for to in targets)
    return Action(
        name=name,
        label_vi=f"Bước {name}",
        label_en=f"Step {name}",
        sources=tuple(sources),
        by=(Role.COMMUNE_OFFICER,),
        reach=Reach.OWN,
        guards=(),
        branches=branches,
        asks=(),
        effects=(),
        documents=(),
        not_same_person_as=(),
        takes_number=False,
        clause="none",
        mark=Mark.DERIVED,
    )


def a_procedure(steps: Mapping[str, tuple[str, str]], finals: str, tiers: Mapping[str, Tier | None]) -> Procedure:
    """A small procedure that starts in its first state."""
    kinds = {name: StateKind.FINAL if name in finals else StateKind.OPEN for name in tiers}
    start = next(iter(tiers))
    return Procedure(
        key="small",
        version=3,
        title_vi="Thủ tục <nhỏ> & gọn",
        title_en="Small <procedure> & tidy",
        subject=Subject.COMMUNE,
        levels={Level.STANDARD: None},
        tiers=tuple(Tier),
        in_force_from=date(2025, 1, 1),
        in_force_to=None,
        legal_basis=("none",),
        authority="chairman",
        copies_signed=("own",),
        start=start,
        resets=frozenset(),
        states={n: a_state(n, StateKind.START if n == start else kinds[n], tier) for n, tier in tiers.items()},
        actions={name: an_action(name, *ends) for name, ends in steps.items()},
        figures={},
        clocks={},
        mark=Mark.DERIVED,
        digest="",
    )


LINE = {"go": ("a", "b"), "end": ("b", "z")}
TANGLED = a_procedure(
    {
        "go": ("a", "b"),
        "also": ("a", "b"),
        "on": ("b", "c"),
        "skip": ("a", "c"),
        "stay": ("c", "c"),
        "fall": ("bc", "p"),
        "sink": ("p", "r"),
        "rise": ("r", "p"),
        "cross": ("p", "q"),
        "back": ("q", "b"),
        "home": ("p", "a"),
        "again": ("c", "a"),
        "end": ("c", "zy"),
        "leave": ("abcpqr", "y"),
    },
    "zy",
    {
        "a": None,
        "b": Tier.COMMUNE,
        "c": Tier.PROVINCE,
        "p": Tier.COMMUNE,
        "r": Tier.DISTRICT,
        "q": None,
        "z": None,
        "y": None,
    },
)


def parse(svg: str) -> ET.Element:
    """The picture as a tree; text that is not well formed fails here."""
    return ET.fromstring(svg)


def words(root: ET.Element) -> str:
    """All words that are seen, in drawing order."""
    return " ".join(text.text or "" for text in root.iter(f"{SVG}text"))


def layout_of(procedure: Procedure, lang: str, current: str | None = None) -> Layout:
    """The places of everything in the picture."""
    return lay_out(procedure, make_plan(procedure), current, lang)


@pytest.mark.parametrize(("key", "lang"), EVERY)
def test_every_state_and_every_action_is_seen_and_told(key: str, lang: str) -> None:
    procedure = SHIPPED[key]
    roots = [parse(draw(procedure, lang=lang)), parse(draw_revocation(procedure, lang))]
    seen = " ".join(words(root) for root in roots)
    told = " ".join(root.findtext(f"{SVG}desc") or "" for root in roots)
    items: list[State | Action] = [*procedure.states.values(), *procedure.actions.values()]
    moving = [item for item in items if not (isinstance(item, Action) and item.stays)]
    assert [item.name for item in moving if text_of(item, lang) not in seen] == []
    assert [item.name for item in items if text_of(item, lang) not in told] == []


@pytest.mark.parametrize(("key", "lang"), EVERY)
def test_the_current_state_is_marked_once_by_colour_shape_and_word(key: str, lang: str) -> None:
    procedure = SHIPPED[key]
    for name, state in procedure.states.items():
        root = parse(draw(procedure, name, lang))
        marked = [rect for rect in root.iter(f"{SVG}rect") if rect.get("class") == "d-current"]
        assert [(rect.get("stroke-width"), rect.get("stroke")) for rect in marked] == [("4", "#b42318")]
        assert len(root.findall(f"{SVG}g[@class='d-here']/{SVG}path")) == 1
        assert words(root).count(WORDS[lang].here) == 1
        assert (root.findtext(f"{SVG}desc") or "").startswith(f"{WORDS[lang].now}: {text_of(state, lang)}.")
        box = layout_of(part_of(procedure, name), lang, name).boxes[name]
        assert (marked[0].get("x"), marked[0].get("y")) == (str(box.x), str(box.y))


def test_without_a_current_state_nothing_is_marked() -> None:
    svg = draw(TANGLED)
    assert "d-current" not in svg
    assert "d-here" not in svg
    assert WORDS["vi"].here not in svg


@pytest.mark.parametrize(("key", "lang"), EVERY)
def test_the_picture_is_small_and_the_same_every_time(key: str, lang: str) -> None:
    again = load_all()[key]
    for name in again.states:
        svg = draw(SHIPPED[key], name, lang)
        assert svg == draw(again, name, lang)
        assert len(svg.encode()) < 14 * 1024


@pytest.mark.parametrize("procedure", [*SHIPPED.values(), TANGLED], ids=lambda procedure: procedure.key)
def test_it_is_an_image_with_a_name_and_a_description_and_takes_nothing_from_outside(procedure: Procedure) -> None:
    svg = draw(procedure)
    root = parse(svg)
    ids = {element.get("id"): element for element in root if element.get("id")}
    assert root.get("role") == "img"
    assert ids[root.get("aria-labelledby")].text == f"Sơ đồ thủ tục: {procedure.title_vi}"
    assert ids[root.get("aria-describedby")].text == describe(part_of(procedure, None))
    assert not re.search(r"href|url\(|style|script|tabindex|@import", svg)


def test_the_description_tells_the_whole_procedure() -> None:
    small = a_procedure(
        LINE | {"drop": ("ab", "yz")},
        "zy",
        {"a": Tier.COMMUNE, "b": Tier.PROVINCE, "z": None, "y": None},
    )
    assert describe(small, "b", "en") == (
        "The dossier is now at: Place b. Commune: 1 Place a. Province: 2 Place b. At no tier: 3 Place z; 4 Place y. "
        "Steps, by the numbers of the states: Step go: 1 to 2; Step end: 2 to 3; Step drop: 1, 2 to 4/3. Ends: 3, 4."
    )


def placed(
    element: ET.Element, x: float = 0, inherited: Mapping[str, str] | None = None
) -> Iterator[tuple[str, dict[str, str], float]]:
    """Every element in drawing order with its inherited attributes and the distance it is shifted by."""
    shift = re.fullmatch(r"translate\((\d+)\)", element.get("transform", ""))
    x += float(shift[1]) if shift else 0
    attributes = {**(inherited or {}), **element.attrib}
    yield element.tag.removeprefix(SVG), attributes, x
    kept = {name: value for name, value in attributes.items() if name in {"fill", "stroke", "font-size", "class"}}
    for child in element:
        yield from placed(child, x, kept)


def luminance(colour: str) -> float:
    """The relative luminance of a colour as WCAG defines it."""
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, from 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def grounds(
    root: ET.Element,
) -> tuple[list[tuple[float, float, float, float, str]], list[tuple[float, float, str, str]]]:
    """The filled areas in drawing order, and each text with its place, colour and size."""
    areas: list[tuple[float, float, float, float, str]] = []
    texts: list[tuple[float, float, str, str]] = []
    for tag, at, x in placed(root):
        if tag == "rect":
            left, top = float(at.get("x", 0)), float(at.get("y", 0))
            areas.append((left, top, left + float(at["width"]), top + float(at["height"]), at["fill"]))
        elif at.get("class") == "d-dot":
            for dot_x, dot_y in re.findall(r"M(\d+) (\d+)", at["d"]):
                areas.append((int(dot_x) - 9, int(dot_y) - 9, int(dot_x) + 9, int(dot_y) + 9, at["stroke"]))
        elif tag == "text":
            texts.append((x + float(at.get("x", 0)), float(at["y"]) - 4, at["fill"], at["font-size"]))
    return areas, texts


@pytest.mark.parametrize(("key", "lang"), EVERY)
def test_words_stand_out_from_the_ground_they_stand_on_and_are_large_enough(key: str, lang: str) -> None:
    procedure = SHIPPED[key]
    for current in procedure.states:
        areas, texts = grounds(parse(draw(procedure, current, lang)))
        assert len(texts) > len(procedure.states)
        for x, y, colour, size in texts:
            ground = [area[4] for area in areas if area[0] <= x <= area[2] and area[1] <= y <= area[3]][-1]
            assert contrast(colour, ground) >= 4.5
            assert int(size) >= 12


def test_lines_stand_out_from_every_ground() -> None:
    root = parse(draw(SHIPPED["commune-2022-three-tier@1"], "returned"))
    lines = {at["stroke"] for _, at, _ in placed(root) if at.get("stroke")}
    tips = {path.get("fill", "") for path in root.iter(f"{SVG}path")} - {"none", "", "#fff"}
    for ground in ("#fff", *(look.ground for look in TIERS.values())):
        assert [colour for colour in lines | tips if contrast(colour, ground) < 4.5] == []
    for look in TIERS.values():
        assert contrast(look.line, look.ground) >= 4.5


def apart(one: Box, other: Box) -> bool:
    """Whether two boxes keep their distance."""
    return one.bottom < other.y or other.bottom < one.y or one.right < other.x or other.right < one.x


@pytest.mark.parametrize("procedure", [*SHIPPED.values(), TANGLED], ids=lambda procedure: procedure.key)
@pytest.mark.parametrize("lang", WORDS)
def test_boxes_do_not_overlap_and_nothing_leaves_the_sheet(procedure: Procedure, lang: str) -> None:
    for current in procedure.states:
        layout = layout_of(procedure, lang, current)
        assert set(layout.boxes) == set(procedure.states)
        assert all(apart(one, other) for one, other in combinations(layout.boxes.values(), 2))
        assert all(box.x >= 14 and box.right <= 356 and box.bottom < layout.bottom for box in layout.boxes.values())
        assert all(width_of(line, box.size) <= box.width - 12 for box in layout.boxes.values() for line in box.lines)
        xs = [int(x) for wire in layout.wires for x in re.findall(r"[MH](\d+)", wire.path)]
        assert min(xs) >= 4
        assert max(xs) <= 356


@pytest.mark.parametrize("procedure", [*SHIPPED.values(), TANGLED], ids=lambda procedure: procedure.key)
def test_numbers_do_not_cover_each_other(procedure: Procedure) -> None:
    badges = layout_of(procedure, "vi").badges
    for one, other in combinations(badges, 2):
        assert (one.x - other.x) ** 2 + (one.y - other.y) ** 2 >= 15**2, (one, other)


def test_the_shipped_main_lines_lead_from_the_start_to_the_announcement() -> None:
    three, two = (make_plan(part_of(SHIPPED[f"commune-2022-{name}-tier@1"], None)) for name in ("three", "two"))
    drawn = part_of(SHIPPED["commune-2022-three-tier@1"], None).states
    assert three.main == tuple(name for name in drawn if name not in three.side)
    assert set(three.side) == {"returned", "not_recommended", "refusal_proposed", "closed_rejected", "withdrawn"}
    assert two.side == three.side
    assert (two.main[0], two.main[-1]) == (three.main[0], three.main[-1]) == ("unopened", "announced")


def test_a_revocation_is_drawn_by_itself_from_the_announcement_to_the_decision() -> None:
    for procedure in SHIPPED.values():
        assert review_states(procedure) & set(part_of(procedure, None).states) == set()
        plan = make_plan(part_of(procedure, "revoked"))
        assert (plan.main[0], plan.main[-1]) == ("announced", "revoked")
        assert set(plan.side) == {"unopened", "recognition_kept"}
    assert review_states(TANGLED) == frozenset()
    assert draw_revocation(TANGLED) == ""


def test_bands_follow_the_tiers_of_the_main_line() -> None:
    bands = layout_of(part_of(SHIPPED["commune-2022-three-tier@1"], None), "vi").bands
    assert [band.tier for band in bands] == [Tier.COMMUNE, Tier.DISTRICT, Tier.PROVINCE, Tier.DISTRICT]
    assert all(above.y + above.height < below.y for above, below in pairwise(bands))


def test_ends_have_a_double_border() -> None:
    two = SHIPPED["commune-2022-two-tier@1"]
    assert draw(two).count("<rect") == 1 + 2 + len(part_of(two, None).states) + 3 + 2
    sample = draw(a_procedure(LINE, "z", {"a": None, "b": Tier.COMMUNE, "z": None}))
    without = draw(a_procedure(LINE, "", {"a": None, "b": Tier.COMMUNE, "z": None}))
    assert sample.count("<rect") == without.count("<rect") + 1


def test_a_straight_procedure_has_no_numbers_and_takes_the_whole_width() -> None:
    straight = a_procedure(LINE, "z", {"a": None, "b": Tier.COMMUNE, "z": None})
    layout = layout_of(straight, "vi")
    assert layout.badges == ()
    assert [wire.course for wire in layout.wires] == ["main"]
    assert {box.width for box in layout.boxes.values()} == {332}
    assert "Bước end" in words(parse(draw(straight)))


def test_a_tangled_procedure_is_planned_without_losing_a_step() -> None:
    plan = make_plan(TANGLED)
    assert plan.main == ("a", "b", "c", "z")
    assert {edge.action for edge in plan.jumps} == {"stay", "leave"}
    assert [edge.action for edge in plan.column] == ["cross"]
    drawn = [*plan.steps, *plan.jumps, *plan.column, *(edge for lane in plan.lanes for edge in lane.edges)]
    assert sorted(drawn) == sorted([*plan.steps, *plan.others])
    assert "Bước go / Bước also" in words(parse(draw(TANGLED)))
    assert "Bước leave → Nơi y" in words(parse(draw(TANGLED)))


def test_lanes_on_one_side_that_share_a_stretch_have_tracks_of_their_own() -> None:
    plan = make_plan(TANGLED)
    for (one, track), (other, another) in combinations(plan.lanes.items(), 2):
        reaches = [[plan.levels[n] for edge in lane.edges for n in edge[1:]] for lane in (one, other)]
        meet = max(map(min, reaches)) <= min(map(max, reaches))
        assert not (one.on_left is other.on_left and meet and track == another)


def test_a_procedure_that_never_ends_is_drawn_along_its_longest_way() -> None:
    endless = a_procedure({"go": ("a", "b"), "back": ("b", "a")}, "", {"a": None, "b": None})
    plan = make_plan(endless)
    assert plan.main == ("a", "b")
    assert [band.tier for band in layout_of(endless, "vi").bands] == [None]
    assert "Không ở cấp nào" in words(parse(draw(endless)))


def test_a_state_that_nothing_reaches_is_still_shown() -> None:
    lonely = a_procedure(LINE, "z", {"a": None, "b": Tier.COMMUNE, "z": None, "x": Tier.PROVINCE})
    assert make_plan(lonely).side == ("x",)
    assert "Nơi x" in words(parse(draw(lonely)))


def test_titles_are_escaped() -> None:
    assert parse(draw(TANGLED)).findtext(f"{SVG}title") == "Sơ đồ thủ tục: Thủ tục <nhỏ> & gọn"
    assert parse(draw(TANGLED, lang="en")).findtext(f"{SVG}title") == (
        "Diagram of the procedure: Small <procedure> & tidy"
    )


def test_an_unknown_state_or_language_is_refused() -> None:
    with pytest.raises(ValueError, match="small@3 has no state 'nowhere'"):
        draw(TANGLED, "nowhere")
    with pytest.raises(ValueError, match="not in 'fr'"):
        draw(TANGLED, lang="fr")


def test_words_are_wrapped_to_the_room_and_never_broken() -> None:
    assert wrap("Xã đang niêm yết, lấy ý kiến", 13, 100) == ("Xã đang niêm", "yết, lấy ý kiến")
    assert wrap("Recommended by", 13, 20) == ("Recommended", "by")
    assert width_of("ệ", 13) == width_of("e", 13)
