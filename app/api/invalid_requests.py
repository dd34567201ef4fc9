"""Says what is wrong with an invalid request, and where, without giving its content back."""

from fastapi.exceptions import RequestValidationError

MAX_ERRORS = 20
_MAX_DETAIL = 300
_MAX_POINTER = 500
_MAX_NAME = 100
_PLACES = ("body", "query", "path", "header", "cookie")


def describe_errors(error: RequestValidationError) -> list[dict[str, str]]:
    """List what is wrong with a request.

    Returns
    -------
    list of dict
        At most `MAX_ERRORS` of ``{"detail", "pointer", "in"}``; ``pointer`` is a JSON Pointer
        (RFC 6901) in fragment form into the body, or into the parameters that ``in`` names.
    """
    described = []
    for one in error.errors()[:MAX_ERRORS]:
        location = tuple(one.get("loc", ()))
        place = location[0] if location and location[0] in _PLACES else "body"
        inside = () if one.get("type") == "json_invalid" else location[1:]
        detail = str(one.get("msg", "")).removeprefix("Value error, ")[:_MAX_DETAIL]
        described.append({"detail": detail, "pointer": json_pointer(inside), "in": str(place)})
    return described


def json_pointer(steps: tuple[object, ...]) -> str:
    """Write a JSON Pointer as a fragment; long names are cut, for they may be anybody's.

    Examples
    --------
    >>> json_pointer(("papers", 3, "a/b"))
    '#/papers/3/a~1b'
    """
    escaped = [str(step)[:_MAX_NAME].replace("~", "~0").replace("/", "~1") for step in steps]
    return "".join(["#", *(f"/{step}" for step in escaped)])[:_MAX_POINTER]
