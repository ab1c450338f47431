"""Every mistake that the loader knows: one change of a shipped file each, with the cause and the line it must name."""

from typing import NamedTuple


class Mistake(NamedTuple):
    """A text of the shipped file, what stands there instead, the cause, and the text on whose line it is told.

    Without a text of its own it is told on the line where the change begins.
    """

    old: str
    new: str
    cause: str
    at: str = ""


HEAD = [
    Mistake("key: commune-2022-three-tier\n", "", "the procedure lacks 'key'"),
    Mistake("key: commune-2022-three-tier", 'key: " "', "the procedure: 'key' is empty"),
    Mistake("version: 1", "version: one", "the procedure: 'version' must be a whole number"),
    Mistake("version: 1", "version: true", "the procedure: 'version' must be a whole number"),
    Mistake("version: 1", "version: 0", "the procedure: 'version' must be at least 1"),
    Mistake(', en: "Recognition of', ', fr: "Recognition of', "the title lacks 'en'"),
    Mistake("title: {", "title: {de: x, ", "the title: unknown key 'de'"),
    Mistake("subject: commune", "subject: village", "the procedure: unknown subject 'village'"),
    Mistake("  model: {requires: advanced}", "  modern: {requires: advanced}", "unknown level 'modern'"),
    Mistake("  model: {requires: advanced}", "  model: {requires: gold}", "level 'model': unknown level 'gold'"),
    Mistake("  model: {requires: advanced}", "  model: {needs: advanced}", "level 'model': unknown key 'needs'"),
    Mistake(
        "  model: {requires: advanced}",
        "  model: {requires: model}",
        "level 'model' can never be opened: it is required before itself",
    ),
    Mistake("tiers: [commune,", "tiers: [commune, canton,", "the procedure: unknown tier 'canton'"),
    Mistake("in_force: {from: 2022-08-02, to: 2025-06-30}", "", "the procedure lacks 'in_force'", "key: c"),
    Mistake("{from: 2022-08-02,", "{", "the dates in force lacks 'from'"),
    Mistake("2022-08-02,", "soon,", "the dates in force: 'from' must be a date such as 2025-07-01"),
    Mistake("2022-08-02,", "2022-08-02 08:00:00,", "the dates in force: 'from' must be a date such as 2025-07-01"),
    Mistake("to: 2025-06-30}", "to: 2022-08-01}", "the dates in force end before they begin"),
    Mistake("to: 2025-06-30}", "to: 2025-06-31}", "'2025-06-31' cannot be read as timestamp"),
    Mistake("to: 2025-06-30}", "until: 2025-06-30}", "the dates in force: unknown key 'until'"),
    Mistake("authority: chairman", "authority: king", "the procedure: unknown authority 'king'"),
    Mistake("copies_signed: [by_order,", "copies_signed: [by_chance,", "the procedure: unknown power 'by_chance'"),
    Mistake("mark: C\nlegal", "mark: c\nlegal", "the procedure: unknown mark 'c'"),
    Mistake(
        '  - "Luật Tổ chức chính quyền địa phương"', "  - 77", "the procedure: each of 'legal_basis' must be a text"
    ),
    Mistake("resets: [self_assessing, under_review]", "resets: [dreaming]", "the procedure: unknown state 'dreaming'"),
    Mistake(
        "resets: [self_assessing, under_review]",
        "colour: red\nresets: [self_assessing, under_review]",
        "the procedure: unknown key 'colour'",
    ),
]

FIGURES = [
    Mistake("issue.working_days: {value: 1,", "issue.working_days: {", "figure 'issue.working_days' lacks 'value'"),
    Mistake(
        "issue.working_days: {value: 1,",
        "issue.working_days: {value: 1.5,",
        "figure 'issue.working_days': 'value' must be a whole number",
    ),
    Mistake(
        "issue.working_days: {value: 1,",
        "issue.working_days: {value: -1,",
        "figure 'issue.working_days': 'value' must be at least 1",
    ),
    Mistake(
        "council.quorum: {value: 70,",
        "council.quorum: {value: 101,",
        "figure 'council.quorum': 'value' must be at most 100 percent",
    ),
    Mistake(
        "council.quorum: {value: 70, unit: percent",
        "council.quorum: {value: 70, unit: dozen",
        "figure 'council.quorum': unknown unit 'dozen'",
    ),
    Mistake('mark: P, source: "S15"', 'mark: Q, source: "S15"', "figure 'survey.working_days': unknown mark 'Q'"),
    Mistake(', source: "S15"', "", "figure 'survey.working_days' lacks 'source'"),
    Mistake("  posting.days: {", "  posting.days: 15\n  spare: {", "figure 'posting.days' must be a mapping"),
    Mistake("{figure: announce.days,", "{figure: wait.days,", "clock 'announcement': unknown figure 'wait.days'"),
    Mistake(
        "{figure: announce.days,",
        "{figure: council.quorum,",
        "clock 'announcement': 'council.quorum' does not count days",
    ),
    Mistake(
        "announce.days, states: [recognised]}",
        "announce.days, states: [recognised, limbo]}",
        "clock 'announcement': unknown state 'limbo'",
    ),
    Mistake("announce.days, states: [recognised]}", "announce.days}", "clock 'announcement' lacks 'states'"),
]

STATES = [
    Mistake('vi: "Xã đang tự đánh giá"', 'name: "Xã"', "state 'self_assessing' lacks 'vi'", "  self_assessing:\n"),
    Mistake("kind: start}", "kind: beginning}", "state 'unopened': unknown state kind 'beginning'"),
    Mistake(
        'to forward"\n    holder: district_chairman',
        'to forward"\n    holder: mayor',
        "state 'district_ready': unknown role 'mayor'",
        "    holder: mayor",
    ),
    Mistake(
        'to forward"\n    holder: district_chairman\n',
        'to forward"\n',
        "state 'district_ready' lacks 'holder'",
        "  district_ready:\n",
    ),
    Mistake("    clock: appraisal\n", "    clock: sundial\n", "state 'province_appraising': unknown clock 'sundial'"),
    Mistake(
        "    clock: appraisal\n    column: appraisal",
        "    clock: appraisal\n    column: fourth",
        "state 'province_appraising': unknown column 'fourth'",
        "    column: fourth",
    ),
    Mistake(
        "work: {keep_vote: [district_reviewer]}",
        "work: {keep_bees: [district_reviewer]}",
        "state 'district_vote': the work: unknown key 'keep_bees'",
    ),
    Mistake(
        "work: {keep_vote: [district_reviewer]}",
        "work: {keep_vote: [beekeeper]}",
        "state 'district_vote': the work: unknown role 'beekeeper'",
    ),
    Mistake(
        "work: {keep_vote: [district_reviewer]}",
        "work: {keep_vote: []}",
        "state 'district_vote': the work: 'keep_vote' is empty",
    ),
    Mistake(
        "work: {keep_vote: [district_reviewer]}", "work: voting", "state 'district_vote': 'work' must be a mapping"
    ),
    Mistake(
        '"Announced", kind: final}',
        '"Announced", kind: final, holder: district_reviewer}',
        "state 'announced' is not open and can have neither a holder nor work",
    ),
    Mistake(
        "  withdrawn: {",
        '  limbo: {vi: "A", en: "B", kind: final}\n  withdrawn: {',
        "state 'limbo' cannot be reached from the start",
    ),
    Mistake(
        "    work: {keep_vote: [district_reviewer]}",
        "    clock: survey",
        "state 'district_vote' names the clock 'survey', which does not count there",
        "  district_vote:\n",
    ),
    Mistake(
        "resets: [self_assessing, under_review]",
        "  idle: {figure: announce.days, states: [recognised]}\nresets: [self_assessing, under_review]",
        "clock 'idle' runs in no state",
    ),
]

ACTIONS = [
    Mistake('clause: "domain 3.1 row 12"', 'note: "12"', "action 'forward' lacks 'clause'", "  forward:\n"),
    Mistake("    from: [district_ready]\n", "    from: []\n", "action 'forward': 'from' is empty"),
    Mistake("    from: [district_ready]\n", "    from: [heaven]\n", "action 'forward': unknown state 'heaven'"),
    Mistake("    from: [district_ready]\n", "    from: [7]\n", "action 'forward': each of 'from' must be a text"),
    Mistake("    to: province_received\n", "    to: heaven\n", "action 'forward': unknown state 'heaven'"),
    Mistake(
        "to: province_received\n    by: [district_chairman]\n",
        "to: province_received\n    by: [pope]\n",
        "action 'forward': unknown role 'pope'",
        "    by: [pope]",
    ),
    Mistake(
        "to: province_received\n    by: [district_chairman]\n",
        "to: province_received\n",
        "action 'forward' lacks 'by'",
        "  forward:\n",
    ),
    Mistake(
        "to: province_received\n    by: [district_chairman]\n    reach: below",
        "to: province_received\n    by: [district_chairman]\n    reach: far",
        "action 'forward': unknown reach 'far'",
        "    reach: far",
    ),
    Mistake(
        "to: province_received\n    by: [district_chairman]\n    reach: below",
        "to: province_received\n    by: [district_chairman]\n    reach: own",
        "action 'forward': nobody can act (district_chairman; reach own)",
        "  forward:\n",
    ),
    Mistake(
        "guards: [self_assessment_complete]",
        "guards: [all_well]",
        "action 'complete_self_assessment': unknown guard 'all_well'",
    ),
    Mistake("records: forwarded", "records: forwards", "action 'forward': unknown event type 'forwards'"),
    Mistake(
        "asks: [reason]\n    records: reworked",
        "asks: [reason, rhyme]\n    records: reworked",
        "action 'rework': unknown field 'rhyme'",
    ),
    Mistake(
        "asks: [reason]\n    records: reworked",
        "asks: [reason, missing]\n    records: reworked",
        "action 'rework': the event 'reworked' does not keep what is asked: missing",
        "    records: reworked",
    ),
    Mistake(
        "    asks: [reason]\n    records: reworked",
        "    records: reworked",
        "action 'rework': the event 'reworked' needs what is not asked: reason",
    ),
    Mistake(
        "[decision, certificate]\n    effects: [notify_commune]",
        "[decision, certificate]\n    effects: [sing]",
        "action 'recognise': unknown effect 'sing'",
        "    effects: [sing]",
    ),
    Mistake(
        'documents: [proposal]\n    effects: [notify_holder]\n    clause: "domain 3.1 row 12"',
        'documents: [poem]\n    effects: [notify_holder]\n    clause: "domain 3.1 row 12"',
        "action 'forward': unknown document kind 'poem'",
    ),
    Mistake(
        "verified, forwarded, appraised, recommended]",
        "verified, dreamt]",
        "action 'recognise': unknown event type 'dreamt'",
    ),
    Mistake(
        "takes_number: true\n    documents: [decision",
        "takes_number: 1\n    documents: [decision",
        "action 'recognise': 'takes_number' must be true or false",
    ),
    Mistake(
        "    documents: [decision, certificate]\n",
        "",
        "action 'recognise' takes a number but makes no document to carry it",
        "  recognise:\n",
    ),
    Mistake(
        "from: [refusal_proposed]\n    to: closed_rejected",
        "from: [refusal_proposed, announced]\n    to: closed_rejected",
        "action 'refuse' leaves the final state 'announced'",
        "  refuse:\n",
    ),
    Mistake(
        "guards: [council_in_favour, criteria_met]}",
        "guards: [luck]}",
        "action 'conclude_council', branch 1: unknown guard 'luck'",
    ),
    Mistake(
        "      - {to: not_recommended, records: not_recommended}",
        "      - {to: not_recommended}",
        "action 'conclude_council', branch 2 lacks 'records'",
    ),
    Mistake(
        "      - {to: not_recommended, records: not_recommended}",
        "      - {to: not_recommended, records: not_recommended, mood: sad}",
        "action 'conclude_council', branch 2: unknown key 'mood'",
    ),
    Mistake(
        "      - {to: not_recommended, records: not_recommended}",
        "      - not_recommended\n      - {to: not_recommended, records: not_recommended}",
        "action 'conclude_council', branch 2 must be a mapping",
    ),
    Mistake(
        "{to: recommended, records: recommended, guards: [council_in_favour, criteria_met]}\n"
        "      - {to: not_recommended, records: not_recommended}",
        "{to: recommended, records: recommended}\n"
        "      - {to: not_recommended, records: not_recommended, guards: [field_checked]}",
        "action 'conclude_council': only the last branch may stand without a guard",
        "  conclude_council:\n",
    ),
    Mistake(
        ", guards: [council_in_favour, criteria_met]}",
        "}",
        "action 'conclude_council': only the last branch may stand without a guard",
        "  conclude_council:\n",
    ),
    Mistake(
        "  survey.household_share: {value: 70,",
        "  survey.household_part: {value: 70,",
        "action 'record_survey': guard 'survey_complete' needs the figure 'survey.household_share'",
        "  record_survey:\n",
    ),
]

UNREADABLE = [
    ("key: [1,\nversion: 2", 2, "not valid YAML: did not find expected ',' or ']'"),
    ("key: 'Cao Bằng\n", 2, "not valid YAML: found unexpected end of stream"),
    ("key: Cao Bằng\nversion: \x01", 2, "not valid YAML: control characters are not allowed"),
    ("key: *who", 1, "not valid YAML: found undefined alias"),
    ("key: 1\n---\nkey: 2", 2, "not valid YAML: but found another document"),
    ("", 1, "the file must be a mapping of keys to values"),
    ("- key", 1, "the file must be a mapping of keys to values"),
]

ODD_VALUES = [
    ("key: x\nkey: y", 2, "the key 'key' stands twice"),
    ("key: x\nlevels: &a\n  standard: *a", 2, "this value is repeated by an alias: write it out each time"),
    ("key: x\n? [a, b]\n: c", 2, "a key must be a text"),
    ("key: x\nversion: !!python/object:os.system 1", 2, "'1' cannot be read as python/object:os.system"),
    ("key: x\nmark: !!bool maybe", 2, "'maybe' cannot be read as bool"),
]
