"""Texts that become markup, script or a template where nobody said that they are text."""

# Each in the hope of another place: between tags, in an attribute, in a title, in a script.
MARKUP = (
    "<script>alert(1)</script>",
    "</title><script>alert(2)</script>",
    "</textarea><img src=x onerror=alert(3)>",
    '"><svg onload=alert(4)>',
    "'><svg/onload=alert(5)>",
    '" autofocus onfocus=alert(6) x="',
    "' onmouseover='alert(7)",
    " onpointerenter=alert(8) ",
    "--><img src=x onerror=alert(9)>",
    "]]><script>alert(10)</script>",
    "</style><style>@import'//x.example'",
    "</script><script>alert(11)</script>",
    "<iframe srcdoc='&lt;script&gt;alert(12)'>",
    "<a href=javascript:alert(13)>x</a>",
    "<math><mtext><style><img onerror=alert(14)>",
    "<base href=//x.example/>",
    "<meta http-equiv=refresh content=0;//x.example>",
    "<form action=//x.example><button>",
    "<link rel=stylesheet href=//x.example>",
    "&lt;script&gt;alert(15)&lt;/script&gt;",
    "&#60;img src=x onerror=alert(16)&#62;",
    "＜script＞alert(17)＜/script＞",
    "\u2028alert(18)//",
    "</span hx-get=/sign-out hx-trigger=load>",
    "<b hx-on:load=alert(19)>",
    "\\x3cscript\\x3ealert(20)",
    "[x](javascript:alert(21))",
    "<x-probe id=csp_nonce>",
)
# Only at the very beginning are these an address.
ADDRESSES = ("javascript:alert(30)", "data:text/html,<script>alert(31)</script>", "vbscript:x(32)")

# 191 times 7 is 1337, which no page says by itself.
TEMPLATES = (
    "{{ 191*7 }}",
    "{% print 191*7 %}",
    "${191*7}",
    "#{191*7}",
    "<%= 191*7 %>",
    "{{ config }}{{ self.__init__ }}",
    "{{ cycler.__init__.__globals__ }}",
    "{{ ''.__class__.__mro__ }}",
    "%(name)s %s %d {0} {0.__class__}",
    "{# away #}{% raw %}",
)
EVALUATED = ("1337", "SECRET_KEY", "__globals__'", "&lt;class", "<class 'str'>", "<bound method")
