"""Names made comparable: width, case, kana, accents and spaces no longer matter."""

import re
import unicodedata
from typing import Any

_KATAKANA = range(0x30A1, 0x30F7)
_TO_HIRAGANA = {code: code - 0x60 for code in _KATAKANA}
_ACCENTS = re.compile("[\u0300-\u036f]")  # the voicing marks of kana lie elsewhere and stay
# NUL, for one, is more than PostgreSQL can be asked for; nor does anybody type what is not seen:
# selectors of a character's shape, joiners, marks of direction.
_HIDDEN = re.compile("[\x00-\x1f\x7f]")
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]")
_DOTS = re.compile("[・·‧•∙⋅]")  # what parts the words of a foreign name, if anything does

# Old forms of characters, old one first. Source: 常用漢字表 (Cabinet Notice 2 of 2010), the forms
# in parentheses, as far as they are met in names of people, places and houses. Those that are
# compatibility characters are folded by NFKC already.
_OLD_FORMS = """
亞亜 惡悪 爲為 榮栄 衞衛 圓円 緣縁 應応 櫻桜 奧奥 橫横 溫温 價価 會会 繪絵 壞壊 懷懐 樂楽 覺覚 學学
嶽岳 關関 觀観 氣気 歸帰 龜亀 舊旧 據拠 峽峡 挾挟 狹狭 曉暁 區区 勳勲 薰薫 徑径 惠恵 溪渓 經経 螢蛍
輕軽 繼継 鷄鶏 藝芸 縣県 儉倹 劍剣 圈圏 檢検 權権 獻献 顯顕 驗験 嚴厳 廣広 效効 恆恒 黃黄 號号 國国
黑黒 濟済 齋斎 劑剤 雜雑 參参 棧桟 蠶蚕 贊賛 絲糸 兒児 齒歯 濕湿 實実 寫写 釋釈 壽寿 收収 從従 澁渋
獸獣 縱縦 肅粛 處処 緖緒 敍叙 將将 稱称 燒焼 奬奨 條条 狀状 乘乗 淨浄 疊畳 孃嬢 讓譲 釀醸 觸触 囑嘱
眞真 寢寝 愼慎 盡尽 圖図 粹粋 醉酔 穗穂 隨随 髓髄 樞枢 數数 瀨瀬 聲声 齊斉 靜静 攝摂 專専 淺浅 戰戦
纖繊 禪禅 雙双 壯壮 爭争 莊荘 搜捜 插挿 巢巣 曾曽 裝装 總総 騷騒 增増 藏蔵 臟臓 卽即 屬属 續続 體体
對対 帶帯 滯滞 臺台 瀧滝 擇択 澤沢 單単 擔担 膽胆 團団 彈弾 斷断 晝昼 蟲虫 鑄鋳 廳庁 徵徴 聽聴 鎭鎮
遞逓 鐵鉄 點点 轉転 傳伝 黨党 盜盗 燈灯 當当 稻稲 德徳 獨独 讀読 屆届 繩縄 貳弐 惱悩 腦脳 霸覇 拜拝
廢廃 賣売 麥麦 發発 髮髪 拔抜 蠻蛮 祕秘 濱浜 拂払 佛仏 甁瓶 竝並 邊辺 變変 辨弁 瓣弁 辯弁 步歩 寶宝
豐豊 襃褒 沒没 飜翻 每毎 萬万 滿満 默黙 彌弥 譯訳 藥薬 與与 餘余 譽誉 搖揺 樣様 謠謡 來来 賴頼 亂乱
覽覧 龍竜 兩両 獵猟 綠緑 淚涙 壘塁 禮礼 勵励 靈霊 齡齢 曆暦 歷歴 戀恋 爐炉 勞労 樓楼 郞郎 祿禄
錄録 灣湾
"""
# Shapes that stand in no such table, but in family registers, on signboards and in addresses. The
# choice is ours, in the manner of the 縮退マップ of 文字情報基盤, which leads characters of the
# registers to common ones (moji.or.jp/mojikiban/map); the last two are small kana of place names.
_OTHER_SHAPES = """
髙高 﨑崎 嵜崎 𠮷吉 濵浜 邉辺 栁柳 桒桑 舘館 嶋島 嶌島 峯峰 冨富 埜野 槗橋 淸清 ゖけ ゕか
"""
_SHAPES = str.maketrans({pair[0]: pair[1] for pair in f"{_OLD_FORMS} {_OTHER_SHAPES}".split()})


def folded(text: str) -> str:
    """Fold a text for searching: no width, case, accents, spaces or dots between words.

    Katakana become hiragana, and old forms of characters the new ones.
    """
    seen = _UNSEEN.sub("", _HIDDEN.sub(" ", text))
    bare = _DOTS.sub("", _ACCENTS.sub("", unicodedata.normalize("NFKD", seen)))
    plain = unicodedata.normalize("NFKC", bare).casefold()
    return "".join(plain.translate(_TO_HIRAGANA).translate(_SHAPES).split())


def words(query: str) -> list[str]:
    """Split a query into folded words; a word of nothing but spaces and marks is none."""
    parts = unicodedata.normalize("NFKC", _HIDDEN.sub(" ", query)).split()
    return [word for part in parts if (word := folded(part))]


def search_text(holder: dict[str, Any]) -> str:
    """Write down everything by which a holder is found: names and place, Japanese and Latin."""
    parts = [
        holder[field][language]
        for field in ("site", "operator", "address")
        for language in holder[field]
    ]
    return " ".join(folded(part) for part in [*parts, holder["kana"]] if part)
