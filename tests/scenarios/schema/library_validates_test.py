"""An independent validator (python3-jsonschema) accepts the library under our JSON Schema, and refuses what our reader refuses by its shape."""
import glob
import json
import os
import sys

try:
    import jsonschema
    import yaml
except ImportError as missing:
    print("skipped:", missing)
    sys.exit(77)

root = os.environ.get("NINES_SOURCE_DIR", os.path.join(os.path.dirname(__file__), "../../.."))


class Yaml12(yaml.SafeLoader):
    """Booleans are true and false and nothing else, as in YAML 1.2 and in our reader."""


Yaml12.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Yaml12.add_implicit_resolver("tag:yaml.org,2002:bool", __import__("re").compile("^(true|false)$"), list("tf"))

with open(os.path.join(root, "scenarios/schema/scenario.schema.json")) as file:
    schema = json.load(file)
validator_class = getattr(jsonschema, "Draft202012Validator", jsonschema.Draft7Validator)
validator_class.check_schema(schema)
validator = validator_class(schema)


def errors(text):
    return [f"{'/'.join(map(str, error.path))}: {error.message[:200]}" for error in validator.iter_errors(yaml.load(text, Loader=Yaml12))]


good = sorted(glob.glob(os.path.join(root, "scenarios/library/**/*.yaml"), recursive=True)) + sorted(glob.glob(os.path.join(root, "tests/fuzz/corpus/*.yaml")))
assert len(good) >= 11, good
failed = False
for path in good:
    with open(path) as file:
        found = errors(file.read())
    if found:
        failed = True
        print(path, *found, sep="\n  ")

# Shapes the schema must not let pass: a schema that accepts everything would validate the library, too.
for name in ["unknown_key_near", "missing_key", "wrong_kind", "duration_without_unit", "rate_without_unit", "size_without_unit", "no_replicas", "too_many_brokers",
             "list_for_a_map", "word_for_a_number", "unknown_law", "unknown_spread", "cluster_and_clusters", "missing_cluster", "name_with_blanks"]:
    with open(os.path.join(root, "tests/scenarios/schema/malformed", name + ".yaml")) as file:
        if not errors(file.read()):
            failed = True
            print(name, "passes the schema")
sys.exit(1 if failed else 0)
