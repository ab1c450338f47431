"""The words everyone shares: one closed list for each thing the law names. Labels for people are translations."""

from enum import StrEnum


class Mark(StrEnum):
    """How sure a figure is: confirmed, practice, derived, or recalled without a source."""

    CONFIRMED = "C"
    PRACTICE = "P"
    DERIVED = "D"
    RECALLED = "R"
    RECALLED_MEDIUM = "R-med"
    RECALLED_LOW = "R-low"


class Tier(StrEnum):
    """The level of government at which somebody acts."""

    HAMLET = "hamlet"
    COMMUNE = "commune"
    DISTRICT = "district"
    PROVINCE = "province"


class Desk(StrEnum):
    """What a person does with a dossier, whatever the tier."""

    SUBMITTING = "submitting"
    REVIEWING = "reviewing"
    DECIDING = "deciding"
    ADMIN = "admin"
    READING = "reading"


class Role(StrEnum):
    """The office in which a person acts."""

    HAMLET_HEAD = "hamlet_head"
    COMMUNE_OFFICER = "commune_officer"
    COMMUNE_FRONT = "commune_front"
    COMMUNE_CHAIRMAN = "commune_chairman"
    DISTRICT_REVIEWER = "district_reviewer"
    DISTRICT_CHAIRMAN = "district_chairman"
    DEPARTMENT_OFFICER = "department_officer"
    DEPARTMENT_REVIEWER = "department_reviewer"
    COUNCIL_SECRETARY = "council_secretary"
    COUNCIL_MEMBER = "council_member"
    PROVINCIAL_CHAIRMAN = "provincial_chairman"
    RECORDS_CLERK = "records_clerk"
    ADMINISTRATOR = "administrator"
    INSPECTOR = "inspector"

    @property
    def tier(self) -> Tier:
        """The tier of the unit this office belongs to."""
        return _TIER_AND_DESK[self][0]

    @property
    def desk(self) -> Desk:
        """The kind of desk this office sits at."""
        return _TIER_AND_DESK[self][1]


_IN_COMMUNE = (Role.HAMLET_HEAD, Role.COMMUNE_OFFICER, Role.COMMUNE_FRONT, Role.COMMUNE_CHAIRMAN)
_IN_PROVINCE = (Role.COUNCIL_SECRETARY, Role.COUNCIL_MEMBER, Role.PROVINCIAL_CHAIRMAN, Role.RECORDS_CLERK)
_TIER_AND_DESK: dict[Role, tuple[Tier, Desk]] = {
    **dict.fromkeys(_IN_COMMUNE, (Tier.COMMUNE, Desk.SUBMITTING)),
    **dict.fromkeys((Role.DISTRICT_REVIEWER, Role.DISTRICT_CHAIRMAN), (Tier.DISTRICT, Desk.REVIEWING)),
    Role.DEPARTMENT_OFFICER: (Tier.PROVINCE, Desk.REVIEWING),
    **dict.fromkeys((Role.DEPARTMENT_REVIEWER, *_IN_PROVINCE), (Tier.PROVINCE, Desk.DECIDING)),
    Role.ADMINISTRATOR: (Tier.PROVINCE, Desk.ADMIN),
    Role.INSPECTOR: (Tier.PROVINCE, Desk.READING),
}


class Reach(StrEnum):
    """Which dossiers an office reaches: its own unit's, those of the units under it, or every one."""

    OWN = "own"
    BELOW = "below"
    ALL = "all"


class Subject(StrEnum):
    """What is recognised."""

    COMMUNE = "commune"
    HAMLET = "hamlet"


class Level(StrEnum):
    """The title a unit can hold (domain section 1)."""

    STANDARD = "standard"
    ADVANCED = "advanced"
    MODEL = "model"


class StateKind(StrEnum):
    """What a state is to the procedure."""

    START = "start"
    OPEN = "open"
    FINAL = "final"


class Column(StrEnum):
    """Whose value of an indicator it is; a higher column never overwrites a lower one (domain section 3.3)."""

    COMMUNE = "commune"
    REVIEW = "review"
    APPRAISAL = "appraisal"


class Result(StrEnum):
    """What was found for an indicator."""

    MET = "met"
    NOT_MET = "not_met"
    NOT_APPLICABLE = "not_applicable"
    UNKNOWN = "unknown"


class Stage(StrEnum):
    """A tier's own consultation, vote or check of a dossier."""

    COMMUNE = "commune"
    DISTRICT = "district"
    PROVINCE = "province"


class EventType(StrEnum):
    """What happened to a dossier, in the past tense."""

    OPENED = "opened"
    SELF_ASSESSED = "self_assessed"
    POSTING_CLOSED = "posting_closed"
    SURVEY_RECEIVED = "survey_received"
    COMMUNE_AGREED = "commune_agreed"
    REWORKED = "reworked"
    SUBMITTED = "submitted"
    ACCEPTED_FOR_VERIFICATION = "accepted_for_verification"
    RETURNED = "returned"
    RESUBMITTED = "resubmitted"
    VERIFIED = "verified"
    CONSULTED = "consulted"
    DISTRICT_AGREED = "district_agreed"
    FORWARDED = "forwarded"
    ACCEPTED_FOR_APPRAISAL = "accepted_for_appraisal"
    APPRAISED = "appraised"
    RECOMMENDED = "recommended"
    NOT_RECOMMENDED = "not_recommended"
    DECLINED = "declined"
    RECOGNISED = "recognised"
    ANNOUNCED = "announced"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    REVOCATION_PROPOSED = "revocation_proposed"
    REVOCATION_DECLINED = "revocation_declined"
    REVOKED = "revoked"
    RECOVERED = "recovered"
    REVOCATION_ASSESSED = "revocation_assessed"
    REVOCATION_SUBMITTED = "revocation_submitted"
    REVOCATION_RETURNED = "revocation_returned"
    REVOCATION_APPRAISED = "revocation_appraised"
    REVOCATION_RECOMMENDED = "revocation_recommended"
    REVOCATION_NOT_RECOMMENDED = "revocation_not_recommended"
    MOVED = "moved"
    REPLACED = "replaced"
    CORRECTION_DRAFTED = "correction_drafted"
    CORRECTION_DECLINED = "correction_declined"
    CORRECTED = "corrected"
    REFUSAL_PROPOSED = "refusal_proposed"
    PASSED_ON, LAPSED = "passed_on", "lapsed"  # when the unit ends


class Effect(StrEnum):
    """What must follow an event outside the dossier, done by the worker after the commit."""

    NOTIFY_HOLDER = "notify_holder"
    NOTIFY_COMMUNE = "notify_commune"
    RENDER_PAPERS = "render_papers"


class NoticeKind(StrEnum):
    """Why a person is told of a dossier."""

    DESK = "desk"
    NEWS = "news"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"


class Mailing(StrEnum):
    """How a person wants to be told by e-mail."""

    EACH = "each"
    DAILY = "daily"
    NONE = "none"


class SessionStage(StrEnum):
    """How far somebody is who signs in: still to give a code, still to set up the second factor, or in."""

    CODE = "code"
    SET_UP = "set_up"
    WHOLE = "whole"


class AdminAct(StrEnum):
    """What is done to an account or a setting, and kept in the record of administrative acts."""

    PERSON_ADDED = "person_added"
    PERSON_CORRECTED = "person_corrected"
    PERSON_DISABLED = "person_disabled"
    PERSON_ENABLED = "person_enabled"
    OFFICE_GRANTED = "office_granted"
    OFFICE_ENDED = "office_ended"
    LINK_MADE = "link_made"
    PASSWORD_SET = "password_set"  # noqa: S105 - the name of an act
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - the name of an act
    TRIES_FORGIVEN = "tries_forgiven"
    FACTOR_CONFIRMED = "factor_confirmed"
    FACTOR_REMOVED = "factor_removed"
    DUTY_CHANGED = "duty_changed"
    PROVINCE_FOUNDED = "province_founded"
    DAY_ADDED = "day_added"
    DAY_REMOVED = "day_removed"
    YEAR_ANNOUNCED = "year_announced"
    SERIES_OPENED = "series_opened"
    SERIES_CORRECTED = "series_corrected"
    UNIT_RENAMED = "unit_renamed"
    UNIT_MERGED = "unit_merged"
    UNIT_ENDED = "unit_ended"
    SET_ADOPTED = "set_adopted"
    KEY_CREATED = "key_created"


class DailyWork(StrEnum):
    """What the house does by itself once a day."""

    CHECK_HISTORY = "check_history"
    ANCHOR_CHAINS = "anchor_chains"
    CLEAN_UP = "clean_up"
    TELL_DEADLINES = "tell_deadlines"
    SEND_SUMMARIES = "send_summaries"


class Seen(StrEnum):
    """What of a dossier somebody looked at."""

    DOSSIER = "dossier"
    PAPER = "paper"
    FILE = "file"
    WHOLE = "whole"


class Bundled(StrEnum):
    """As what a whole dossier is handed out."""

    ZIP = "zip"
    PDF = "pdf"
    XML = "xml"


class Work(StrEnum):
    """What is filled in on a dossier between two actions."""

    ASSESS_COMMUNE = "assess_commune"
    ASSESS_REVIEW = "assess_review"
    ASSESS_APPRAISAL = "assess_appraisal"
    ATTACH_EVIDENCE = "attach_evidence"
    ATTACH_PART = "attach_part"
    KEEP_POSTING = "keep_posting"
    LOG_COMMENT = "log_comment"
    EXPLAIN_COMMENT = "explain_comment"
    KEEP_SURVEY = "keep_survey"
    KEEP_VOTE = "keep_vote"
    STATE_DEBT = "state_debt"
    CONFIRM_SECURITY = "confirm_security"
    KEEP_CHECKLIST = "keep_checklist"
    CONCLUDE_CRITERION = "conclude_criterion"
    CHECK_FIELD = "check_field"
    KEEP_COUNCIL = "keep_council"
    CAST_BALLOT = "cast_ballot"


class Part(StrEnum):
    """The parts of a dossier by the codes of domain section 3.2."""

    PROPOSAL = "D1"
    RESULT_REPORT = "D2"
    OPINIONS = "D3"
    MINUTES = "D4"
    DEBT_REPORT = "D5"
    SURVEY_REPORT = "D6"
    PICTURES = "D7"
    EVIDENCE = "D8"
    VERIFICATION_REPORT = "D9"
    APPRAISAL_REPORT = "D10"
    COUNCIL_MINUTES = "D11"
    POLICE_CONFIRMATION = "D12"


class DocumentKind(StrEnum):
    """The papers a procedure produces, and the copies that are made of them."""

    RESULT_REPORT = "result_report"
    POSTING_RECORD = "posting_record"
    OPINION_SUMMARY = "opinion_summary"
    SURVEY_REPORT = "survey_report"
    VOTE_MINUTES = "vote_minutes"
    PROPOSAL = "proposal"
    RECEIPT = "receipt"
    RETURN_NOTICE = "return_notice"
    CHANGE_LIST = "change_list"
    VERIFICATION_REPORT = "verification_report"
    CONSULTATION_NOTICE = "consultation_notice"
    APPRAISAL_REPORT = "appraisal_report"
    COUNCIL_MINUTES = "council_minutes"
    DECISION = "decision"
    CERTIFICATE = "certificate"
    ANNOUNCEMENT_RECORD = "announcement_record"
    WITHDRAWAL_LETTER = "withdrawal_letter"
    REFUSAL_NOTICE = "refusal_notice"
    REFUSAL_DECISION = "refusal_decision"
    REVOCATION_DECISION = "revocation_decision"
    REPLACEMENT_DECISION = "replacement_decision"
    CORRECTION_LETTER = "correction_letter"
    TRUE_COPY = "true_copy"
    COPY_OF_COPY = "copy_of_copy"
    EXTRACT = "extract"


class Relation(StrEnum):
    """What one paper says of an earlier one."""

    REPLACES = "replaces"
    REVOKES = "revokes"
    CORRECTS = "corrects"
    COPIES = "copies"


class Trouble(StrEnum):
    """Why a paper could not be rendered yet; the act that it belongs to stands all the same."""

    PAGES = "pages"
    TIME = "time"
    MEMORY = "memory"
    TEMPLATE = "template"
    STORAGE = "storage"
    KEY = "key"


class SigningPart(StrEnum):
    """Whose signature on a paper it is: the person's who signs, then the body's, which is its seal (Decree 30/2020)."""

    SIGNER = "signer"
    SEAL = "seal"


class SigningWay(StrEnum):
    """Where a signature was made: by a key that the server holds, or outside and brought back in the file."""

    SERVER = "server"
    OUTSIDE = "outside"


class SigningTrouble(StrEnum):
    """Why a paper could not be signed by the server yet; the paper stands unsigned until it can."""

    KEY_MISSING = "key_missing"
    KEY_UNREADABLE = "key_unreadable"
    KEY_LOCKED = "key_locked"
    KEY_NOT_YET = "key_not_yet"
    KEY_EXPIRED = "key_expired"
    KEY_PURPOSE = "key_purpose"
    TOKEN = "token"  # noqa: S105 - the name of a cause
    IMAGE = "image"
    TIME_STAMP = "time_stamp"
    TIME_STAMP_REFUSED = "time_stamp_refused"
    TIME_STAMP_WRONG = "time_stamp_wrong"
    PROOF = "proof"
    FILE = "file"
    STORAGE = "storage"


class Field(StrEnum):
    """What the form of an action asks for."""

    REASON = "reason"
    MISSING = "missing"
    CHANGES = "changes"
    YEAR_RECOGNISED = "year_recognised"
    SIGNED_ON = "signed_on"
    ANNOUNCED_ON = "announced_on"
    ANNOUNCED_AT = "announced_at"
    PAPER = "paper"
    CORRECTIONS = "corrections"
