"""Values, evidence, verdicts and conclusions as communes, reviewers and departments enter them in practice."""

from collections.abc import Iterable

from sqlalchemy import select

from casework import answering, checking, filing
from casework.filing import Upload
from models.base import table_of
from models.evidence import EvidenceItem
from practice.figures import answer_of, corrected
from practice.material import material
from practice.scene import RETURNED, Scene
from workflow.criteria import Answer, judge
from workflow.names import Column, Result, Role

ITEM = table_of(EvidenceItem)


def self_assessed(scene: Scene) -> dict[str, Answer]:
    """The values that the commune has to enter now: what is unanswered or missed, or what a notice of return named."""
    rules, facts = scene.rules, scene.file.facts
    given = facts.answers.get(Column.COMMUNE, {})
    if scene.state.name == RETURNED:
        codes = [code for code in scene.missing if code in rules.by_code]
    else:
        listed = scene.some_of(list(rules.by_code))
        codes = [
            code for code in listed if code not in given or judge(rules.by_code[code], given[code]) is Result.NOT_MET
        ]
    weak = scene.weak if scene.file.row.round == 1 and scene.state.name != RETURNED else ()
    again = scene.file.row.round + len(facts.returns)
    return {code: answer_of(rules, scene.commune, code, again, good=code not in weak) for code in codes}


def assess_commune(scene: Scene, role: Role) -> bool:
    """Enter the commune's values."""
    entries = tuple(
        answering.Entry(Column.COMMUNE, code, answer.value, not_applicable=answer.not_applicable)
        for code, answer in self_assessed(scene).items()
    )
    if entries:
        answering.answer_all(scene.connection, scene.dossier_id, entries, scene.person(role), scene.at)
    return bool(entries)


def attach_evidence(scene: Scene, role: Role) -> bool:
    """Put the commune's files beside the indicators that have none; a notice of return is answered with a new file."""
    facts, entered = scene.file.facts, self_assessed(scene)
    answers = {**facts.answers.get(Column.COMMUNE, {}), **entered}
    if scene.state.name == RETURNED:
        wanted = {scene.file.row.code: tuple(entered)}
        files = {scene.file.row.code: material("texts")["more_evidence"]}
    else:
        bare = {code for code, one in answers.items() if not one.not_applicable and code not in facts.evidence}
        wanted, files = _by_block(scene, bare), material("texts")["evidence"]
    proofs = [
        (scene.paper(files[block]["file"], files[block]["title"]), codes) for block, codes in wanted.items() if codes
    ]
    if proofs:
        _file_evidence(scene, proofs, scene.person(role))
    return bool(proofs)


def _by_block(scene: Scene, codes: Iterable[str]) -> dict[str, tuple[str, ...]]:
    bare, blocks = set(codes), dict[str, tuple[str, ...]]()
    for criterion in scene.rules.criteria_set.criteria:
        found = tuple(one.code for one in criterion.indicators if one.code in bare)
        blocks[criterion.block_vi] = blocks.get(criterion.block_vi, ()) + found
    return blocks


def _file_evidence(scene: Scene, proofs: list[tuple[Upload, tuple[str, ...]]], person_id: int) -> None:
    """Use the items of the commune's library that have these titles already, and add the others."""
    connection, dossier_id = scene.connection, scene.dossier_id
    titles = [upload.title for upload, _ in proofs]
    same = select(ITEM.c.title, ITEM.c.id).where(ITEM.c.unit_id == scene.file.row.unit_id, ITEM.c.title.in_(titles))
    kept = {row.title: row.id for row in connection.execute(same.order_by(ITEM.c.id.desc()))}
    for upload, codes in proofs:
        if upload.title in kept:
            filing.reuse_evidence(connection, dossier_id, codes, kept[upload.title], person_id, scene.at)
    fresh = [(upload, codes) for upload, codes in proofs if upload.title not in kept]
    if fresh:
        filing.attach_evidence(connection, scene.company.storage, dossier_id, fresh, person_id, scene.at)


def assess_review(scene: Scene, role: Role) -> bool:
    """Enter the reviewer's verdicts on what the commune answered."""
    entries = verdicts(scene, Column.REVIEW, scene.some_of(list(scene.rules.by_code)))
    if entries:
        answering.answer_all(scene.connection, scene.dossier_id, entries, scene.person(role), scene.at)
    return bool(entries)


def assess_appraisal(scene: Scene, role: Role) -> bool:
    """Enter each department's verdicts on its own indicators."""
    owned: dict[str, list[str]] = {}
    for code, rule in scene.rules.by_code.items():
        owned.setdefault(rule.indicator.department, []).append(code)
    done = False
    for department in scene.some_of(sorted(owned)):
        entries = verdicts(scene, Column.APPRAISAL, owned[department])
        if entries:
            person_id = scene.person(role, department)
            answering.answer_all(scene.connection, scene.dossier_id, entries, person_id, scene.at)
            done = True
    return done


def verdicts(scene: Scene, column: Column, codes: list[str]) -> tuple[answering.Entry, ...]:
    """What a column says of the commune's answers: what the turn names is refuted, what was refuted is mended."""
    facts, texts = scene.file.facts, material("texts")
    below, standing = facts.answers.get(Column.COMMUNE, {}), facts.answers.get(column, {})
    mended = facts.refuted.get(column, frozenset())
    entries = []
    for code in codes:
        doubted = code in scene.turn.missing
        if code not in below or (code in standing and code not in mended and not doubted):
            continue
        answer, drawn = below[code], scene.draw(column, code)
        value, reason = answer.value, texts["refuted"] if doubted else ""
        if not doubted and not answer.not_applicable and drawn.random() < 0.07:
            value = corrected(scene.rules.by_code[code], value, drawn)
            reason = "" if value == answer.value else texts["corrected"]
        entries.append(answering.Entry(column, code, value, answer.not_applicable, doubted, reason))
    return tuple(entries)


def conclude_criteria(scene: Scene, role: Role) -> bool:
    """Write each department's conclusions on the criteria it leads."""
    texts = material("texts")["conclusions"]
    concluded = {code for code, one in scene.file.facts.conclusions.items() if one.met}
    written: dict[str, list[checking.Concluded]] = {}
    for criterion in scene.some_of(scene.rules.criteria_set.criteria):
        doubted = [one.code for one in criterion.indicators if one.code in scene.turn.missing]
        if criterion.code in concluded and not doubted:
            continue
        met = scene.draw("conclusion", criterion.code).choice(texts["met"])
        text = texts["not_met"].format(items=", ".join(doubted)) if doubted else met
        department = scene.rules.criteria_set.leader_of(criterion.code)
        written.setdefault(department, []).append(checking.Concluded(criterion.code, text, not doubted))
    for department, conclusions in written.items():
        person_id = scene.person(role, department)
        checking.conclude(scene.connection, scene.dossier_id, tuple(conclusions), person_id, scene.at)
    return bool(written)
