"""Plain forms in HTML, for what comes before the pages: they need no script, and no session."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from starlette.responses import HTMLResponse

from service.texts.catalogue import CHINESE

# Without a referrer at all, browsers would not tell our own origin with the forms either.
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
_STYLE = """
:root { color-scheme: light dark; --bg: #eef0f3; --panel: #fff; --line: #dde1e6; --text: #171b21; --muted: #626d7a;
  --accent: #d9730d; --link: #a94f06; --bad: #b42318; --good: #15803d; }
@media (prefers-color-scheme: dark) { :root { --bg: #0d1014; --panel: #151a20; --line: #272f39; --text: #e7eaee;
  --muted: #8f9aa7; --accent: #f08a24; --link: #f08a24; --bad: #ff9d92; --good: #4ade80; } }
body { margin: 0; padding: 24px 0; box-sizing: border-box; min-height: 100vh; display: grid;
  place-content: center; gap: 14px; background: var(--bg);
  color: var(--text); font: 14px/1.45 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; }
section { width: min(360px, 84vw); padding: 22px 26px; border: 1px solid var(--line); border-radius: 10px;
  background: var(--panel); }
h1 { margin: 0 0 4px; font-size: 20px; } h1 b { color: var(--accent); letter-spacing: .06em; }
h2 { margin: 0 0 8px; font-size: 15px; }
label { display: block; margin-top: 12px; color: var(--muted); font-size: 13px; }
small { display: block; margin-top: 3px; color: var(--muted); }
input { display: block; box-sizing: border-box; width: 100%; margin-top: 4px; padding: 8px 10px; font: inherit;
  color: inherit; background: var(--bg); border: 1px solid var(--line); border-radius: 6px; }
button { margin-top: 18px; width: 100%; padding: 9px; font: inherit; font-weight: 600; color: #fff; border: 0;
  border-radius: 6px; background: #a94f06; cursor: pointer; }
p { margin: 8px 0 0; color: var(--muted); } p.bad { color: var(--bad); } p.good { color: var(--good); }
code { user-select: all; overflow-wrap: anywhere; } a { color: var(--link); }
"""


@dataclass(frozen=True)
class Field:
    """One input of a form; a hidden one has no label, and `hint` tells beforehand what is asked of it."""

    name: str
    label: str = ""
    kind: str = "text"
    value: str = ""
    autocomplete: str = "off"
    is_needed: bool = True
    hint: str = ""


@dataclass(frozen=True)
class Form:
    """A form that is posted to `action`; `notes` are shown above its fields, `secrets` as text to be copied."""

    title: str
    action: str
    button: str
    fields: tuple[Field, ...] = ()
    notes: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()


@dataclass(frozen=True)
class Message:
    """What is said at the top: that something went well, or what went wrong."""

    text: str
    is_good: bool = False


def form_page(
    title: str,
    forms: Iterable[Form],
    language: str,
    *,
    message: Message | None = None,
    link: tuple[str, str] = ("", ""),
    way: tuple[str, str] = ("", ""),
) -> HTMLResponse:
    """Return a page with the forms, below each other.

    `link` and `way` are the addresses and the texts of links: a small one at the head, and another way to go on, last.
    """
    parts = [_form(form, is_first=number == 0) for number, form in enumerate(forms)]
    told = ""
    if message is not None:
        told = f'<p class="{"good" if message.is_good else "bad"}" role="status">{escape(message.text)}</p>'
    address, text = link
    foot = f'<p><a href="{escape(address)}">{escape(text)}</a></p>' if address else ""
    last = f'<section><p><a href="{escape(way[0])}">{escape(way[1])}</a></p></section>' if way[0] else ""
    head = f"<section><h1><b>尘视</b> dustwatch</h1><p>{escape(title)}</p>{told}{foot}</section>"
    lang = "zh-CN" if language == CHINESE else "en"
    content = (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{escape(title)} · dustwatch</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>'
        f"<body>{head}{''.join(parts)}{last}</body></html>"
    )
    return HTMLResponse(content, headers=_HEADERS)


def _form(form: Form, *, is_first: bool) -> str:
    notes = "".join(f"<p>{escape(note)}</p>" for note in form.notes)
    secrets = "".join(f"<p><code>{escape(secret)}</code></p>" for secret in form.secrets)
    # Who opens the page types at once; what was refused keeps what was typed, so the first empty field is next.
    empty = next((field for field in form.fields if field.label and not field.value), None) if is_first else None
    fields = "".join(_field(field, has_focus=field is empty) for field in form.fields)
    return (
        f"<section><h2>{escape(form.title)}</h2>{notes}{secrets}"
        f'<form method="post" action="{escape(form.action)}">{fields}'
        f'<button type="submit">{escape(form.button)}</button></form></section>'
    )


def _field(field: Field, *, has_focus: bool) -> str:
    needed = " required" if field.is_needed and field.label else ""
    kind = field.kind if field.label else "hidden"
    attributes = f'name="{escape(field.name)}" type="{kind}" value="{escape(field.value)}"'
    if not field.label:
        return f"<input {attributes}>"
    told = f'{attributes} autocomplete="{field.autocomplete}" maxlength="200"{needed}'
    told += " autofocus" if has_focus else ""
    if not field.hint:
        return f"<label>{escape(field.label)}<input {told}></label>"
    # Outside of the label, else it would be read out as a part of the name.
    about = f"{escape(field.name)}-hint"
    hint = f'<small id="{about}">{escape(field.hint)}</small>'
    return f'<label>{escape(field.label)}<input {told} aria-describedby="{about}"></label>{hint}'
