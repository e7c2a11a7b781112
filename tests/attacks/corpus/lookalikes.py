"""Names that are made to deceive, and names that are not."""

ORIGINAL = "Kanazawa Mills Tourism"

BIDI = ("\u200e", "\u200f", "\u061c", "\u202a", "\u202d", "\u202e", "\u2067")
INVISIBLE = (
    *("\u00ad", "\u034f", "\u115f", "\u1160", "\u17b4", "\u180e", "\u200b", "\u200c", "\u200d"),
    *("\u2060", "\u2061", "\u2063", "\u2064", "\u2800", "\u3164", "\ufe0f", "\ufeff", "\uffa0"),
    "\U000e0041",
)

# What an English name is imitated with; every one of them is to be taken for ORIGINAL.
LATIN = (
    "Kаnаzаwа Mills Tourism",  # Cyrillic а
    "Kanazawa Mills Tоurism",  # Cyrillic о
    "Каnazawa Mills Tourism",  # Cyrillic К and а
    "каnazawa mills tourism",  # Cyrillic к, small
    "Kanazawa Mills Tourіѕm",  # Cyrillic і and ѕ
    "Kanazaԝa Mills Tourism",  # Cyrillic ԝ
    "Kαnαzαwα Mills Tourism",  # Greek α
    "Kanazawa Mills Tοurιsm",  # Greek ο and ι
    "Kanazawa Mills Tօurism",  # Armenian օ
    "ꓗanazawa Mills Tourism",  # Lisu K
    "Ｋａｎａｚａｗａ Ｍｉｌｌｓ Ｔｏｕｒｉｓｍ",  # full width
    "𝐊𝐚𝐧𝐚𝐳𝐚𝐰𝐚 𝐌𝐢𝐥𝐥𝐬 𝐓𝐨𝐮𝐫𝐢𝐬𝐦",  # mathematical
    "Ⓚⓐⓝⓐⓩⓐⓦⓐ Mills Tourism",  # in circles
    "ᴋanazawa Mills Tourism",  # a small capital
    "Känázàwã Mills Tourism",  # accents
    "Kanazawa Miłłs Tourism",  # a stroke
    "Kanazawa Mılls Tourism",  # no dot
    "KANAZAWA MILLS TOURISM",  # capitals
    "Kanazawa Mi11s Tourism",  # 1 for l
    "Kanazawa Miıls T0urism",  # 0 for o, and no dot
    "Kanazawa Mill5 Tourism",  # 5 for s
    "Kanazavva Mills Tourism",  # vv for w
    "Kanazawa Mills Tourisrn",  # rn for m
    "Kana-zawa Mills · Tourism!",  # punctuation
    "Kanazawa Mills Tourism Co., Ltd.",  # a legal form
)

# The name, and what it is imitated with.
JAPANESE = (
    ("カガカフェ", "力ガ力フェ"),  # katakana and the kanji for force
    ("ホテルロビー", "ホテル口ビー"),  # and for mouth
    ("ニシチャヤ", "二シチャヤ"),  # and for two
    ("ツアーセンター", "ツア一センタ一"),  # the long vowel and the kanji for one
    ("タビノヤド", "夕ビノヤド"),  # and for evening
    ("エコトラベル", "工コ卜ラベル"),  # and for work and divination
    ("ヘルン旅行", "へルン旅行"),  # katakana and hiragana
    ("ハウスオチャ", "八ウス才チャ"),  # and for eight and talent
    ("見本シッポ", "見本ツッポ"),  # シ and ツ
    ("株式会社見本観光", "㈱見本観光"),  # legal forms
    ("見本観光", "見本 観光"),  # a space
    ("見本ﾎﾃﾙ", "見本ホテル"),  # half width
)

# Real names, as published by those who bear them: all are to be entered without a word.
REAL = (
    "三井ガーデンホテル金沢",
    "Mitsui Garden Hotel Kanazawa",
    "株式会社三井不動産ホテルマネジメント",
    "北陸鉄道",
    "Hokuriku Railroad",
    "北陸鉄道株式会社",
    "株式会社髙島屋",
    "株式会社𠮷野家",
    "西日本旅客鉄道株式会社",
    "ANAホールディングス株式会社",
    "IHG・ANA・ホテルズグループジャパン合同会社",
)
