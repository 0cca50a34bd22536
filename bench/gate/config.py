"""Reads programs.json: how a tree is built, and which of its programs are run."""
import json

from trouble import Trouble

KEYS = {"configure", "build", "programs", "archives"}


def read_config(path):
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Trouble(f"{path}: {error.strerror}; name the file with --config") from None
    except ValueError as error:
        raise Trouble(f"{path}: is not JSON: {error}; mend it") from None
    if not KEYS >= set(config) >= {"configure", "build", "programs"}:
        raise Trouble(f"{path}: has {', '.join(sorted(config))}; it needs configure, build and programs, and may have archives")
    for program in config["programs"]:
        if program.get("kind") not in ("counts", "times", "ratios") or "target" not in program:
            raise Trouble(f"{path}: {program}: a program has a target, and as kind one of counts, times, ratios")
    for archive in config.setdefault("archives", []):
        if not {"name", "target", "per"} <= set(archive):
            raise Trouble(f"{path}: {archive}: an archive has a name, a target, and per: the fact of a counts program it is divided by")
    return config
