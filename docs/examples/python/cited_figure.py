"""A figure of a local authority with what is needed to cite it.

    python3 cited_figure.py [code] [indicator] [address]

Python 3.9 or newer, and nothing else. A question is sent as JSON, and the answer has its shape.
"""

import json
import sys
import urllib.error
import urllib.request

QUERY = """
query ($code: String!, $indicator: ID!) {
  localAuthority(code: $code) {
    name
    indicator(id: $indicator) {
      indicator { name }
      latest {
        value
        status
        period { label }
        release { title publishedOn url sha256 dataSet { title publisher licence } }
      }
    }
  }
}
"""


def ask(address, query, variables):
    """What a graph answers. What is wrong with a question ends the program with the graph's own sentences."""
    request = urllib.request.Request(
        f"{address}/graphql",
        data=json.dumps({"query": query, "variables": variables}).encode(),
        headers={"Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request) as response:
            answer = json.load(response)
    except urllib.error.HTTPError as error:
        answer = json.load(error)
    if "errors" in answer:
        sys.exit("\n".join(error["message"] for error in answer["errors"]))
    return answer["data"]


def main(code="891", indicator="ehc-plans", address="http://localhost:4000"):
    place = ask(address, QUERY, {"code": code, "indicator": indicator})["localAuthority"]
    if place is None:
        sys.exit(f"There is no local authority {code}.")
    figure = place["indicator"]["latest"]
    if figure is None:
        sys.exit(f"{place['name']} has no figure of {indicator}.")
    known = figure["value"] if figure["value"] is not None else figure["status"].lower()
    print(f"{place['name']}, {place['indicator']['indicator']['name']}, {figure['period']['label']}: {known}")
    release = figure["release"]
    source = release["dataSet"]
    print(f"Source: {source['publisher']}, {source['title']}, {release['title']}, {release['publishedOn']}.")
    print(f"{release['url']} (SHA-256 {release['sha256']}), {source['licence']}.")


if __name__ == "__main__":
    main(*sys.argv[1:])
