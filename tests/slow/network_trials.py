"""Which faults are tried, where each strikes, and what the message must say."""

from dataclasses import dataclass, field

from tests import hub_faults as faults

LIST, CONFIG, TOKENIZER = "/api/", r"main/config\.json", r"main/tokenizer\.json"
GET_CONFIG, GET_TOKENIZER = f"GET Hub .*{CONFIG}", f"GET Hub .*{TOKENIZER}"
WEIGHTS, PAGE, FILE = "GET Store", "GET Index /simple", "GET Index /files"
LATER = {"Retry_After": "300"}
GATED = {"X_Error_Code": "GatedRepo"}
UNSET = "with COURSE_MODEL unset, .* takes the embedded model"
NO_SUCH = f"The model '{{}}' cannot be loaded.*slip in the name.*{UNSET}"
PLACES = {
    "": "everywhere",
    LIST: "list of files",
    CONFIG: "config.json",
    TOKENIZER: "tokenizer.json",
    GET_CONFIG: "config.json",
    GET_TOKENIZER: "tokenizer.json",
    WEIGHTS: "weights",
    "resolve": "all files",
    "(models| )/tiny-bert": "everywhere",
    PAGE: "index page",
    FILE: "archive",
}


@dataclass
class Trial:
    """A fault, where it strikes, and words of the message; "" where all must work.

    words: a regular expression. settings: variables, with {address} for the server's.
    variable: what COURSE_MODEL says; "" where the model is named in the call.
    """

    label: str
    fault: object
    where: str
    words: str
    do: str = "load"
    settings: dict = field(default_factory=dict)
    variable: str = ""

    def __str__(self):
        return f"{self.do}: {self.label}, {PLACES.get(self.where, self.where)}"


def everywhere(label, fault, words, *places, do="load"):
    """Return a trial for each place; words: one text, or one for each."""
    words = [words] * len(places) if isinstance(words, str) else words
    both = zip(places, words, strict=True)
    return [Trial(label, fault, where, said, do) for where, said in both]


HUB = [
    Trial("refused", "nobody", "", "cannot be reached: is there a network"),
    Trial("unknown host", "no host", "", "cannot be reached: is there a network"),
    Trial("store refused", "no store", WEIGHTS, "the server that keeps its files"),
    *everywhere(
        "hangs",
        faults.hang,
        ["does not answer", *["nothing arrived for"] * 3],
        LIST,
        CONFIG,
        TOKENIZER,
        WEIGHTS,
    ),
    *everywhere(
        "stalls",
        faults.stall,
        "nothing arrived for",
        GET_CONFIG,
        GET_TOKENIZER,
        WEIGHTS,
    ),
    *everywhere(
        "status 429", faults.status(429), "asked too often", LIST, CONFIG, WEIGHTS
    ),
    *everywhere(
        "status 429, retry after 300 s",
        faults.status(429, **LATER),
        "asked too often",
        LIST,
        CONFIG,
        WEIGHTS,
    ),
    *everywhere("status 500", faults.status(500), "Hub is ill", LIST, CONFIG, WEIGHTS),
    *everywhere("status 503", faults.status(503), "Hub is ill", LIST, CONFIG, WEIGHTS),
    Trial("status 401", faults.status(401), LIST, "slip in the name"),
    Trial("gated, status 403", faults.status(403, **GATED), "resolve", "behind terms"),
    Trial("gated, status 401", faults.status(401, **GATED), "resolve", "behind terms"),
    Trial("status 404", faults.status(404), LIST, "slip in the name"),
    *everywhere(
        "file missing, status 404",
        faults.status(404, X_Error_Code="EntryNotFound"),
        "not all of its files",
        CONFIG,
        WEIGHTS,
    ),
    *everywhere(
        "half a file, cut",
        faults.cut,
        "broke off before a file was whole",
        GET_CONFIG,
        GET_TOKENIZER,
        WEIGHTS,
    ),
    *everywhere(
        "too long a length",
        faults.too_long,
        "broke off before a file was whole",
        GET_TOKENIZER,
        WEIGHTS,
    ),
    *everywhere(
        "wrong bytes",
        faults.wrong_bytes,
        "its hash differs",
        GET_CONFIG,
        GET_TOKENIZER,
        WEIGHTS,
    ),
    *everywhere("log-in page", faults.portal, "wants a log-in", "", LIST),
    *everywhere(
        "log-in page", faults.portal, "broke off before a file was whole", WEIGHTS
    ),
    *everywhere(
        "circle of redirects",
        faults.circle,
        "circle of redirects",
        LIST,
        CONFIG,
        WEIGHTS,
    ),
    Trial(
        "COURSE_MODEL misspelt",
        faults.status(401),
        LIST,
        NO_SUCH.format("class/tiny-bret"),
        variable="class/tiny-bret",
    ),
    Trial(
        "COURSE_MODEL gated",
        faults.status(403, **GATED),
        "resolve",
        f"behind terms .*{UNSET}",
        variable="class/tiny-bert",
    ),
    Trial(
        "COURSE_MODEL missing",
        faults.status(404, X_Error_Code="RepoNotFound"),
        LIST,
        NO_SUCH.format("class/tiny-bert"),
        variable="class/tiny-bert",
    ),
    Trial("slow, and works", faults.slow, WEIGHTS, ""),
    Trial("moved, and works", faults.moved, "(models| )/tiny-bert", ""),
]
NOT_REACHED = "index cannot be reached"
CUT = f"altered or cut short|{NOT_REACHED}"  # pip's versions tell it differently
INDEX = []
for action in ("fetch_reviews", "install"):
    INDEX += [
        Trial("refused", "nobody", "", NOT_REACHED, action),
        Trial("unknown host", "no host", "", NOT_REACHED, action),
        *everywhere("hangs", faults.hang, NOT_REACHED, PAGE, FILE, do=action),
        *everywhere("stalls", faults.stall, NOT_REACHED, FILE, do=action),
        *everywhere(
            "status 429", faults.status(429), "asked too often", PAGE, FILE, do=action
        ),
        *everywhere(
            "status 429, retry after 300 s",
            faults.status(429, **LATER),
            "asked too often",
            PAGE,
            FILE,
            do=action,
        ),
        *everywhere("status 500", faults.status(500), "is ill", PAGE, FILE, do=action),
        *everywhere("status 403", faults.status(403), "let you in", PAGE, do=action),
        *everywhere("half a file, cut", faults.cut, CUT, FILE, do=action),
        *everywhere("wrong bytes", faults.wrong_bytes, "altered", FILE, do=action),
        *everywhere("log-in page", faults.portal, "log-in page", PAGE, do=action),
        *everywhere(
            "circle of redirects", faults.circle, "let you in", PAGE, do=action
        ),
        *everywhere("slow, and works", faults.slow, "", FILE, do=action),
    ]
BOTH = {"PIP_EXTRA_INDEX_URL": "{address}"}
INDEX.append(Trial("two indexes hang", faults.hang, PAGE, NOT_REACHED, "install", BOTH))
