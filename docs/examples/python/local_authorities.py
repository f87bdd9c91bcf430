"""Every local authority's newest figure of an indicator as a table, and the five that are highest.

    python3 local_authorities.py [indicator] [address]

Python 3.9 or newer, and nothing else. The table comes by a plain link: the whole list, however long.
"""

import csv
import io
import json
import sys
import urllib.error
import urllib.parse
import urllib.request

QUERY = """
query ($indicator: ID!) {
  localAuthorities {
    nodes {
      code
      name
      region { name }
      indicator(id: $indicator) {
        latest { value status period { label } }
      }
    }
  }
}
"""


def table(address, query, variables):
    """The rows of a list, each a dictionary from column to text."""
    parameters = urllib.parse.urlencode({"query": query, "variables": json.dumps(variables)})
    with urllib.request.urlopen(f"{address}/graphql.csv?{parameters}") as response:
        if response.headers["X-SchoolGraph-Data"] == "synthetic":
            print("SYNTHETIC SAMPLE: none of these figures is real.")
        # newline="": a cell may hold a line break, which is for csv to read.
        return list(csv.DictReader(io.TextIOWrapper(response, encoding="utf-8", newline="")))


def main(indicator="suspension-rate", address="http://localhost:4000"):
    try:
        rows = table(address, QUERY, {"indicator": indicator})
    except urllib.error.HTTPError as error:
        # What is wrong with a question is said in sentences.
        sys.exit("\n".join(fault["message"] for fault in json.load(error)["errors"]))
    # An empty cell is a figure that is withheld or not there. It is not zero.
    known = [row for row in rows if row["indicator.latest.value"] != ""]
    known.sort(key=lambda row: float(row["indicator.latest.value"]), reverse=True)
    print(f"{indicator}: {len(known)} of {len(rows)} local authorities have a value")
    for row in known[:5]:
        value, period = row["indicator.latest.value"], row["indicator.latest.period.label"]
        print(f"{row['name']} ({row['region.name']}): {value} in {period}")


if __name__ == "__main__":
    main(*sys.argv[1:])
