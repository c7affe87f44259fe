"""Invented names and codes of the sample city: nothing here may point at a real firm, place or person.

What belongs here: word lists, unit codes with a right check character (GB 32100, GB 11714), identifiers of persons with a
right check digit but a region that does not exist (99), telephone numbers with a prefix that was never given out (120).
"""

import numpy as np
import polars as pl
import pyarrow as pa

CITY_CODE, CITY_NAME = "990100", "九九市"
BASE = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_ALPHABET = np.frombuffer(BASE.encode(), dtype=np.uint8)
_VALUE = np.zeros(128, dtype=np.int64)
_VALUE[_ALPHABET] = np.arange(31)
_ORG_VALUE = np.zeros(128, dtype=np.int64)
_ORG_VALUE[48:58] = np.arange(10)
_ORG_VALUE[65:91] = np.arange(10, 36)
_USCC_WEIGHTS = np.array([pow(3, place, 31) for place in range(17)])
_ORG_WEIGHTS = np.array([3, 7, 9, 10, 5, 8, 4, 2])
_ID_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])

# code, name, tile_x, tile_y, is_urban, share of the units
DISTRICTS = (
    ("990102", "东岚区", 2, 0, 1, 0.16), ("990103", "西汀区", 1, 0, 1, 0.14), ("990104", "南屿区", 1, 2, 1, 0.13),
    ("990105", "北澄区", 1, 1, 1, 0.11), ("990106", "云陂区", 2, 1, 1, 0.10), ("990107", "临汐县", 0, 1, 0, 0.09),
    ("990108", "石澜县", 0, 2, 0, 0.08), ("990109", "白湉县", 3, 1, 0, 0.07), ("990110", "青汐市", 2, 2, 0, 0.07),
    ("990111", "望澜市", 3, 2, 0, 0.05),
)  # fmt: skip
UNKNOWN = len(DISTRICTS)
DISTRICT_CODES = tuple(row[0] for row in DISTRICTS) + ("000000",)
# Merged long ago, and still written on old certificates: (code, name, valid_from, valid_to, successor, place of the successor).
OLD_DISTRICT = ("990121", "旧望澜县", "1990-01-01", "2014-06-30", "990111", 9)
LOST_DISTRICT = "990177"  # in no list

# code, name, level, district: 21 parks, as many as the source documents count above the municipal level
PARK_LEVELS = ("national",) * 4 + ("provincial",) * 13 + ("municipal",) * 4
PARK_CODES = tuple(f"P99{number:02d}" for number in range(1, 22))
PARK_DISTRICTS = tuple(number % len(DISTRICTS) for number in range(21))
PARK_NAMES = tuple(
    f"{CITY_NAME}{DISTRICTS[district][1][:2]}{('高新', '新材料', '临港', '软件', '食品')[number % 5]}园{number + 1:02d}"
    for number, district in enumerate(PARK_DISTRICTS)
)
LOST_PARK = "P9977"

_FIRST = ("瑞", "隆", "恒", "广", "永", "嘉", "盛", "裕", "宁", "普", "康", "达", "卓", "博", "启", "扬", "安", "泽", "沐", "澄")
_SECOND = ("丰", "泰", "和", "源", "海", "远", "兴", "正", "文", "华", "智", "诚", "景", "川", "禾", "岳", "清", "朗", "序", "笙")
_TRADES = ("科技", "商贸", "物流", "食品", "制造", "建材", "信息", "餐饮", "服装", "农业", "咨询", "电子")
# One ending a kind of unit (city.KINDS), the last for units that no register knows.
_ENDINGS = ("有限公司", "经营部", "有限公司分公司", "总厂", "专业合作社", "办事处", "协会", "有限公司")
SOCIAL_ENDINGS = {"association": "协会", "non_enterprise": "服务中心", "foundation": "基金会"}


def usccs(head: np.ndarray, region: np.ndarray, serial: np.ndarray) -> np.ndarray:
    """Codes as a matrix of bytes (n, 18). head: 91, 92, 93, 51 …; region: six digits; serial makes the organisation code."""
    code = np.zeros((len(serial), 18), dtype=np.uint8)
    code[:, 0], code[:, 1] = 48 + head // 10, 48 + head % 10
    for place in range(6):
        code[:, 2 + place] = 48 + region // 10 ** (5 - place) % 10
    code[:, 8], code[:, 9] = ord("M"), ord("A")
    # Multiplying by a number prime to 31 walks all of 31^6 once: the codes look mixed, and none comes twice.
    mixed = (serial.astype(np.int64) * 618_033_989 + 271_828) % 31**6
    for place in range(6):
        code[:, 10 + place] = _ALPHABET[mixed // 31**place % 31]
    org = (11 - _ORG_VALUE[code[:, 8:16]] @ _ORG_WEIGHTS % 11) % 11
    code[:, 16] = np.where(org == 10, ord("X"), 48 + org)
    code[:, 17] = _ALPHABET[(31 - _VALUE[code[:, :17]] @ _USCC_WEIGHTS % 31) % 31]
    return code


def check_character(first_17: str) -> str:
    """The right 18th character of a USCC."""
    total = sum(BASE.index(character) * pow(3, place, 31) for place, character in enumerate(first_17))
    return BASE[(31 - total % 31) % 31]


def text(matrix: np.ndarray) -> pl.Series:
    """A matrix of bytes as a column of text, without a loop over rows."""
    rows, width = matrix.shape
    ends = np.arange(rows + 1, dtype=np.int64) * width
    buffers = [None, pa.py_buffer(ends), pa.py_buffer(np.ascontiguousarray(matrix))]
    return pl.from_arrow(pa.Array.from_buffers(pa.large_string(), rows, buffers)).alias("text")


def person_ids(numbers: np.ndarray) -> pl.Series:
    """18 characters that pass as an identifier (right check digit), of a region that does not exist."""
    numbers = numbers.astype(np.int64)
    day = numbers * 7919 % 14983
    year, month = 1955 + day // 336, 1 + day // 28 % 12
    digits = np.zeros((len(numbers), 18), dtype=np.int64)
    parts = ((990100 + 2 + day % 10, 6), (year, 4), (month, 2), (1 + day % 28, 2), (numbers // 14983 % 1000, 3))
    place = 0
    for value, width in parts:
        for step in range(width):
            digits[:, place] = value // 10 ** (width - 1 - step) % 10
            place += 1
    check = (12 - digits[:, :17] @ _ID_WEIGHTS % 11) % 11
    digits[:, 17] = check
    matrix = (48 + digits).astype(np.uint8)
    matrix[check == 10, 17] = ord("X")
    return text(matrix)


def pick(words: tuple[str, ...], places: np.ndarray) -> pl.Series:
    return pl.Series(words, dtype=pl.String)[places % len(words)]


def unit_names(numbers: np.ndarray, kinds: np.ndarray) -> pl.Series:
    """九九瑞丰科技有限公司000361; a self-employed unit bears a keeper's name, which must never be stored."""
    mixed = numbers.astype(np.int64) * 2_654_435_761 % 2**32
    self_employed = pl.Series(kinds == 1)
    parts = pl.DataFrame({
        "head": pl.select(pl.when(self_employed).then(pl.lit("九九某记")).otherwise(pl.lit("九九"))).to_series(),
        "first": pick(_FIRST, mixed // 7), "second": pick(_SECOND, mixed // 331), "trade": pick(_TRADES, mixed // 7919),
        "ending": pick(_ENDINGS, kinds), "number": pl.Series(numbers).cast(pl.String).str.zfill(6),
    })  # fmt: skip
    return parts.select(pl.concat_str(pl.all())).to_series()


def person_names(numbers: np.ndarray) -> pl.Series:
    return pl.select(pl.lit("样某") + pl.Series(numbers).cast(pl.String)).to_series()


def telephones(numbers: np.ndarray) -> pl.Series:
    return pl.select(pl.lit("120") + (pl.Series(numbers).cast(pl.Int64) % 10**8).cast(pl.String).str.zfill(8)).to_series()
