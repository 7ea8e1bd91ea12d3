"""Images with text in them."""

from __future__ import annotations

import base64
import io

from PIL import Image, ImageDraw, ImageFont
from PIL.PngImagePlugin import PngInfo


def written(*lines: str, size: int = 28, dark: bool = False) -> Image.Image:
    """An image with lines of text, as a screenshot has them."""
    ground, ink = ("black", "white") if dark else ("white", "black")
    image = Image.new("RGB", (900, 40 + 2 * size * len(lines)), ground)
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(size)
    for number, line in enumerate(lines):
        draw.text((20, 20 + 2 * size * number), line, fill=ink, font=font)
    return image


def encoded(image: Image.Image, form: str = "PNG", comments: dict[str, str] | None = None) -> bytes:
    """An image as a file, with text chunks where it is a PNG."""
    out = io.BytesIO()
    if comments:
        chunks = PngInfo()
        for name, text in comments.items():
            chunks.add_text(name, text)
        image.save(out, form, pnginfo=chunks)
    else:
        image.save(out, form)
    return out.getvalue()


HEIC = base64.b64decode(
    """
    AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAX5tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAACJpbG9jAA
    AAAERAAAEAAQAAAAABogABAAAAAAAAAmMAAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABodmMxAAAAAA5waXRtAAAAAAABAAAA/mlwcnAA
    AADeaXBjbwAAAHdodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQArQgEBA3AAAAMAkA
    AAAwAAAwAeoBkgQWW6uSmubgIaDAgAAAMAyAAAAwAIQGIAAQAGRAHBc8GJAAAAE2NvbHJuY2x4AAEADQAGgAAAABRpc3BlAAAAAAAAAMgAAABA
    AAAAKGNsYXAAAADIAAAAAQAAADAAAAABAAAAAAAAAAL////wAAAAAgAAABBwaXhpAAAAAAMICAgAAAAYaXBtYQAAAAAAAAABAAEFgQIDBYQAAA
    JrbWRhdAAAAl8oAa8LUJsE+t3HvDw2T77/gP8ZE0ZMAU+OCfOCcMuje6SDdxoGrBObMSxKodkN8/r37DZWIBD61WWHHBVe8UvYhnhPwtkTzp6X
    Cdi4U9ujYpNhHRlhl1GjRyJ+CI3yy6evsSt9yY6INwO9l0AWYvfskxUN2I/gFAzS+OG+ZgtSTKyCpbeNFV4XakYZ/dhaxUQjDMQVFVwDpqVP6m
    NYpejzXplSZslPG3RSbJgzf1tWqxPykda5+3O8MTGulbKQMFXfKpOS/tJqFgvET+pTsgNYhZNh0T339DeGrxJKu0Lae87DW4JAg2pbkZhBEPiz
    ElX+sRQAVg5Onf96N2XZPNWF8Z50ym0WfQipYXlr/KwN8rZpSYR8lo7MG/ur2q+nC2zboOw+t2utmeTJJWzQ7rXatSF/hEBKECIBPK+UlRwTBX
    jB+UXVJRC6d4SbUTbAI6OvpBbKdbjnSY75NA9Yj4srf2yvJ1DC2XimysVyDqkyva9mR0JQ70jmpKPZhuUyYEGlEk36/7JXeY5qiAmTO7wmGksF
    H9WsMNZpFqzd1x0xYy8lXcdRhQGeckBAP930J4VYDRZ4MaKgV6gIuxRrQaYPZFC2KpJjoTaynFHDehCE0BAImV3ZiJUL6HNgXINjHszkufvVH3
    FEZMIQwC4L4UAQE8FaJOQzjJYKbF8fgLxZStPKyQ4NaE8JfgWUyKOvnywagUGSfDFlkNNXIPwMjEPHm9z5Md78wni9ZxSgpME0EIFdnA3nqMR5
    qp29UjVcVLN3BwHC0gUq6+XHcCO4IaUxxGB3lBAay9Bvx0h/8zCg
    """
)
"""“pelican 7” as telephones save pictures: the library that reads this form does not write it."""
