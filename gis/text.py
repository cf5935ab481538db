"""A text in the two languages the office reads, Chinese first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")


@dataclass(frozen=True)
class Text:
    """One text, said in Chinese and in English."""

    zh: str
    en: str

    def __getitem__(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en

    def format(self, **values: object) -> Text:
        """Fill the placeholders; a value that is itself a `Text` speaks the language around it."""
        return Text(*(self[lang].format(**_in(values, lang)) for lang in LANGUAGES))


def _in(values: dict[str, object], language: Language) -> dict[str, object]:
    return {k: v[language] if isinstance(v, Text) else v for k, v in values.items()}


def same(words: str) -> Text:
    """Return a text that reads the same in both languages: a name, a number, a code."""
    return Text(words, words)
