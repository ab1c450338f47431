"""Filling a planted dossier as it is when real people have worked on it: no two titles, reasons and values alike."""

import random
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import Connection, insert, select, update

from models.base import table_of
from models.dossiers import Answer, Comment, Conclusion
from models.evidence import EvidenceItem, EvidenceUse, StoredFile
from queries.rulebook import criteria_sets
from tests import world
from workflow.names import Role

A, ITEM, USE = table_of(Answer), table_of(EvidenceItem), table_of(EvidenceUse)
FILES_EACH, COMMENTS, FIRST_ID = 2, 15, 5_000_000
TEXT = """
báo cáo kết quả thực hiện biên bản nghiệm thu công trình đường trục xóm danh sách hộ dân tham gia đóng góp ngày công
quyết định phê duyệt quy hoạch chung xây dựng bản đồ hiện trạng tỷ lệ kênh mương nội đồng hợp đồng trường mầm non trạm
y tế nhà văn hóa Nà Pài Bản Khuông Lũng Rì Cốc Phát Thông Huề Đà Vỹ năm phụ lục số kèm theo xác nhận của trưởng xóm và
đại diện Ủy ban Mặt trận thu nhập bình quân đầu người hộ nghèo đa chiều nước sạch hợp vệ sinh
"""
WORDS = TEXT.split()


def say(dice: random.Random, words: int) -> str:
    """Some words that nobody has said in this order."""
    return " ".join(dice.choices(WORDS, k=words)).capitalize()


def fill(connection: Connection, dossier_id: int, dice: random.Random) -> None:
    """Give every indicator its own files, values and reasons, and the dossier comments and conclusions."""
    signed = {"person_id": world.PERSON[Role.COMMUNE_OFFICER], "at": world.NOW}
    indicators = criteria_sets()["commune-ntm-2021-2025"].indicators
    codes = [one.code for one in indicators for _ in range(FILES_EACH)]
    first = FIRST_ID + dossier_id * len(codes)
    digests = [sha256(f"{dossier_id} {number}".encode()).hexdigest() for number in range(len(codes))]
    kept = [
        {"sha256": one, "size": dice.randrange(90_000, 9_000_000), "media_type": "application/pdf"} for one in digests
    ]
    connection.execute(insert(table_of(StoredFile)), [{**one, "stored_at": world.NOW} for one in kept])
    items = [
        {"id": first + number, "unit_id": world.FIRST_COMMUNE, "file_sha256": digest, **signed}
        | {"file_name": f"{number}.pdf", "title": say(dice, 7), "expires_on": None}
        for number, digest in enumerate(digests)
    ]
    connection.execute(insert(ITEM), items)
    uses = [{"item_id": first + number, "indicator": code} for number, code in enumerate(codes)]
    connection.execute(insert(USE), [{"dossier_id": dossier_id, **signed, **one} for one in uses])
    _reasons(connection, dossier_id, dice)
    comments = [
        {
            "dossier_id": dossier_id,
            "round": 1,
            "stage": "commune",
            "author": say(dice, 3),
            "text": say(dice, 25),
        }
        | {"received_on": world.TODAY - timedelta(days=40), "accepted": True, "explanation": say(dice, 15), **signed}
        for _ in range(COMMENTS)
    ]
    connection.execute(insert(table_of(Comment)), comments)
    concluded = {"dossier_id": dossier_id, "department": "snnmt", "met": True, **signed}
    criteria = sorted({one.criterion for one in indicators})
    connection.execute(
        insert(table_of(Conclusion)), [{**concluded, "criterion": one, "text": say(dice, 12)} for one in criteria]
    )


def _reasons(connection: Connection, dossier_id: int, dice: random.Random) -> None:
    """Say something of each answer, and let each percentage be of other numbers."""
    for row in connection.execute(select(A).where(A.c.dossier_id == dossier_id)).all():
        value = row.value
        if isinstance(value, dict) and value.get("whole") == 500 and value.get("part") == 500:
            whole = dice.randrange(300, 900)
            value = {"part": whole - dice.randrange(5), "whole": whole}
        same = (A.c.dossier_id == dossier_id) & (A.c.column_name == row.column_name) & (A.c.indicator == row.indicator)
        connection.execute(update(A).where(same).values(value=value, reason=say(dice, 8)))
