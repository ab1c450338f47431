"""The papers of the single steps: postings, opinions, survey, votes, receipts, returns, changes, withdrawal."""

from collections.abc import Iterable, Mapping
from datetime import date

from casework.drawing_frame import Sheet
from casework.returning import found_wanting
from casework.standing import due_on, moved
from documents.kinds import WithdrawalLetter
from documents.minutes import PostingRecord, VoteMinutes
from documents.records import PartLine, Signer, SurveyItem, Votes
from documents.reports import ChangeList, ConsultationNotice, CountedSurveyReport, OpinionSummary, Receipt, ReturnNotice
from queries.days import NO_DEADLINE
from queries.wording import in_order, label
from workflow.names import DocumentKind, Field, Part, Stage

RECEIVED_BY = "Người tiếp nhận hồ sơ"


def posting_record(sheet: Sheet) -> PostingRecord:
    """The record of the posting that ends today."""
    frame = sheet.frame(DocumentKind.POSTING_RECORD)
    chair = Signer(name=frame["signer"].name, post="Chủ trì")
    return PostingRecord(
        **frame | {"signer": chair, "recipients": _own_unit(sheet)},
        secretary=sheet.secretary("Người ghi biên bản"),
        matter=sheet.matter(),
        publication=sheet.publication(),
        opinions=len(sheet.opinions()),
    )


def opinion_summary(sheet: Sheet) -> OpinionSummary:
    """The comments of the posting that ends today, with their explanations."""
    return OpinionSummary(
        **sheet.frame(DocumentKind.OPINION_SUMMARY, *sheet.bodies.receiving(), *_own_unit(sheet)),
        matter=sheet.matter(),
        publication=sheet.publication(),
        opinions=sheet.opinions(),
    )


def survey_report(sheet: Sheet) -> CountedSurveyReport:
    """The survey's counts, with what each question is about."""
    asked = sheet.details.survey
    assert asked is not None
    names = (
        {one.code: one.name_vi for one in sheet.file.facts.rules.criteria_set.criteria}
        if sheet.file.facts.rules
        else {}
    )
    return CountedSurveyReport(
        **sheet.frame(DocumentKind.SURVEY_REPORT, sheet.sender, *sheet.bodies.receiving()),
        matter=sheet.matter(),
        started_on=asked.started_on,
        closed_on=asked.closed_on,
        households=asked.households_total,
        issued=asked.ballots_issued,
        valid=asked.ballots_valid,
        satisfied=asked.satisfied,
        dissatisfied=asked.dissatisfied,
        no_opinion=asked.no_opinion,
        needed_percent=sheet.percent("survey.threshold"),
        items=tuple(
            SurveyItem(code=code, name=names.get(code, code), satisfied=satisfied, answered=answered)
            for code, satisfied, answered in sorted(asked.items, key=lambda item: in_order(item[0]))
        ),
    )


def vote_minutes(sheet: Sheet) -> VoteMinutes:
    """The Steering Committee's vote; its hours, place and chair are filled in by hand."""
    body, vote = sheet.body_of(DocumentKind.VOTE_MINUTES), sheet.details.votes[sheet.stage]
    return VoteMinutes(
        **sheet.frame(DocumentKind.VOTE_MINUTES, *_own_unit(sheet)),
        secretary=sheet.secretary(),
        matter=sheet.matter(),
        committee=body.name,
        held_on=vote.held_on,
        votes=Votes(
            members=vote.members,
            present=vote.present,
            agreed=vote.agreed,
            needed_percent=sheet.percent("{stage}_vote.threshold"),
        ),
    )


def receipt(sheet: Sheet) -> Receipt:
    """The receipt of a dossier whose parts were checked; whoever received it signs."""
    checks = {part: one for (stage, part), one in sheet.details.checks.items() if stage == sheet.stage}
    clerk = Signer(name=sheet.file.actor.name, post=RECEIVED_BY, head=RECEIVED_BY)
    due = _due(sheet)
    return Receipt(
        **sheet.frame(DocumentKind.RECEIPT, sheet.sender, signer=clerk, authority="chairman"),
        matter=sheet.matter(),
        sender=sheet.sender,
        parts=tuple(
            PartLine(name=label("parts", part, "vi"), complete=checks[part].complete, note=checks[part].note)
            for part in Part
            if part in checks
        ),
        due_on=None if due == NO_DEADLINE else due,
    )


def return_notice(sheet: Sheet) -> ReturnNotice:
    """Everything that is missing, each item with what was noted about it."""
    above = sheet.bodies.receiving() if sheet.stage is Stage.PROVINCE and sheet.bodies.district else ()
    return ReturnNotice(
        **sheet.frame(DocumentKind.RETURN_NOTICE, "Như trên", *above),
        matter=sheet.matter(),
        addressees=(sheet.sender,),
        reason=str(sheet.inputs[Field.REASON]),
        missing=_items(sheet, sheet.inputs[Field.MISSING], _notes(sheet)),
    )


def change_list(sheet: Sheet) -> ChangeList:
    """What the commune has supplemented since the return."""
    return ChangeList(
        **sheet.frame(DocumentKind.CHANGE_LIST, "Như trên"),
        matter=sheet.matter(),
        addressees=sheet.bodies.receiving(),
        changes=_items(sheet, sheet.inputs[Field.CHANGES], {}),
    )


def consultation_notice(sheet: Sheet) -> ConsultationNotice:
    """The consultation of an upper tier that ends today."""
    return ConsultationNotice(
        **sheet.frame(DocumentKind.CONSULTATION_NOTICE, sheet.sender),
        matter=sheet.matter(),
        publication=sheet.publication(),
        front_opinion=sheet.details.postings[sheet.stage].front_opinion,
        opinions=sheet.opinions(),
    )


def withdrawal_letter(sheet: Sheet) -> WithdrawalLetter:
    """The letter to the body with which the dossier lies now."""
    return WithdrawalLetter(
        **sheet.frame(DocumentKind.WITHDRAWAL_LETTER, "Như trên"),
        matter=sheet.matter(),
        addressees=(sheet.bodies.holding(sheet.stage),),
        reason=str(sheet.inputs[Field.REASON]),
    )


def _own_unit(sheet: Sheet) -> tuple[str, ...]:
    """The usual recipients in the unit whose body issues a paper."""
    tier = label("stages", sheet.stage, "vi")
    return (f"Thường trực Hội đồng nhân dân {tier}", f"Ủy ban Mặt trận Tổ quốc Việt Nam {tier}")


def _notes(sheet: Sheet) -> Mapping[str, str]:
    """What is said of each thing that is missing: what was written for the notice, else what was noted before."""
    return dict(found_wanting(sheet.file, sheet.details)) if sheet.notes is None else sheet.notes


def _items(sheet: Sheet, codes: Iterable[str], notes: Mapping[str, str]) -> tuple[str, ...]:
    """Parts and indicators by their names, each with what is said of it."""
    return tuple(_told(_named(sheet, code), notes.get(code, "")) for code in codes)


def _named(sheet: Sheet, code: str) -> str:
    rules = sheet.file.facts.rules
    rule = rules.by_code.get(code) if rules else None
    if rule is not None:
        return f"Chỉ tiêu {code} ({rule.indicator.name_vi})"
    return label("parts", code, "vi") if code in set(Part) else code


def _told(name: str, note: str) -> str:
    return f"{name}: {note}" if note else name


def _due(sheet: Sheet) -> date:
    """By when the office must act to which the dossier goes on."""
    file, to_state = sheet.file, sheet.decision.event.to_state
    return due_on(file.procedure, to_state, moved(file.stays, to_state, sheet.today), file.calendar, sheet.today)
