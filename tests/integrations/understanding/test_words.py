import pytest

from integrations.understanding import datafiles
from integrations.understanding.words import fold, only_emoji, tokens


def test_folding_forgets_capitals_accents_emoji_and_punctuation():
    assert fold("  ¡¡Señor  Núñez!! 👋 ¿Cómo   está? ") == "senor nunez como esta"
    assert fold("2️⃣") == "2"
    assert fold("Nº 3") == "n 3"  # not "no 3", which would deny it
    assert fold("😀") == ""


def test_chat_abbreviations_and_stretched_letters_are_undone():
    assert tokens("xq no anda el wi-fi??") == ["porque", "no", "anda", "el", "wifi"]
    assert tokens("q onda, tmb kiero pagar pls") == ["que", "onda", "tambien", "quiero", "pagar", "por", "favor"]
    assert tokens("holaaaa graciasss sii") == ["hola", "gracias", "si"]


@pytest.mark.parametrize("text", ["😀", "👍👍🏽", "❤️ 🙏", "👨‍👩‍👧", "🇦🇷", "‼️", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"])
def test_a_message_of_emoji_is_only_emoji(text):
    assert only_emoji(text)


@pytest.mark.parametrize("text", ["", "  ", "hola 😀", "2️⃣", "???", "ok", "\x00", "\ufe0f\x01"])
def test_a_message_with_anything_else_is_not(text):
    assert not only_emoji(text)


def test_a_data_file_with_a_broken_line_is_a_bug_that_says_where(tmp_path, monkeypatch):
    monkeypatch.setattr(datafiles, "_FOLDER", tmp_path)
    (tmp_path / "broken.txt").write_text("[section]\nno separator here\n", encoding="utf-8")
    with pytest.raises(ValueError, match="no separator here"):
        datafiles.read("broken.txt")
    (tmp_path / "orphan.txt").write_text("key: before any section\n", encoding="utf-8")
    with pytest.raises(ValueError, match="before any section"):
        datafiles.read("orphan.txt")
