"""Prices random shops with the reference and with ours, and compares every amount. Started by `.ci/money`."""
import copy
import json
import random
import subprocess
import sys

# Where the reference differs from the specification, which is right: the line, what it should be, and why.
CORRECTIONS = [
    ("s.amount, s.rates, s.name, s.qty = amount, tuple(rates), name, qty",
     "s.amount, s.rates, s.name, s.qty = amount, tuple(sorted(rates)), name, qty",
     "R115 (a): the rates of a set go by code; the reference takes them as they are given"),
    ("(lambda g: sum(h.left for h in goods if h.rates == g.rates))",
     "(lambda g: (sum(h.left for h in goods if h.rates == g.rates), sum(r for _, r in g.rates)))",
     "R115 (b): of equally large parts the one with the highest rate bears shipping; the reference takes the first"),
    ("for i, share in zip(members, split(t, held)):",
     "t = min(t, sum(held))\n        for i, share in zip(members, split(t, held)):",
     "R115 (d): an item holds what taxes left of it; several rates, each rounded up, exceed that on a few minor units, and "
     "the reference then fails an assertion in `split`"),
    ("    everything = goods + parts\n",
     "    parts = [Item(p.left, [r for r in p.rates if r not in UNSHIPPED], 'shipping') for p in parts if p.left]\n"
     "    everything = goods + parts\n",
     "R115 (b): a share of 0 is no share; and rates that do not apply to shipping are taken out after the split, which the "
     "reference does not know"),
]


def corrected(path):
    """The reference as a dictionary of its names."""
    source = open(path, encoding="utf-8").read()
    for line, right, why in CORRECTIONS:
        if source.count(line) != 1:
            sys.exit(f"money: the reference has changed where it was corrected ({why}):\n{line}")
        source = source.replace(line, right)
    names = {"__name__": "reference", "UNSHIPPED": set()}
    exec(compile(source, path, "exec"), names)
    return names


RATES = [["DE19", 190_000], ["DE7", 70_000], ["NY", 40_000], ["NYC", 45_000], ["MCTD", 3_750], ["ZERO", 0], ["JP8", 80_000],
         ["CHE", 81_000], ["HALF", 500_000], ["ALL", 1_000_000]]
# Rates that together exceed a price of a few minor units, as each is rounded up.
ABSURD = [["ONCE", 1_000_000], ["TWICE", 1_000_000], ["THRICE", 1_000_000]]


def amount(rnd):
    return rnd.choice([0, 1, rnd.randint(0, 20), rnd.randint(0, 10_000), rnd.randint(0, 10 ** rnd.randint(4, 12))])


def parts(rnd, quantity):
    """Units that are given back one part after the other; not always all."""
    cuts = sorted(rnd.randint(0, quantity) for _ in range(rnd.randint(0, 4)))
    return [b - a for a, b in zip([0] + cuts, cuts + rnd.choice([[], [quantity]]))]


def action(rnd, kinds):
    kind = rnd.choice(kinds)
    share = rnd.choice([1_000_000, rnd.randint(0, 1_000_000), 100_000, 125_000, 500_000])
    if kind == "percent":
        return {kind: share}
    if kind == "buy_get":
        return {kind: [rnd.randint(1, 3), rnd.randint(1, 3), share, rnd.choice([None, rnd.randint(0, 3)])]}
    return {kind: amount(rnd)}


def shop(rnd):
    """A shop with a purchase, as `examples/price.rs` reads it."""
    unshipped = {code for code, _ in RATES if rnd.random() < .15}
    classes = {f"class{n}": [[*rate, rate[0] not in unshipped] for rate in rnd.sample(RATES, rnd.choice([0, 1, 1, 1, 2, 3]))]
               for n in range(rnd.randint(1, 4))}
    is_tiny = rnd.random() < .05
    if is_tiny:
        classes["class0"] = [[*rate, True] for rate in ABSURD]
    lines = []
    for _ in range(rnd.randint(1, 2 if is_tiny else 7)):
        quantity = rnd.choice([1, 1, rnd.randint(1, 9), rnd.randint(1, 999)])
        price = lines[-1]["price"] if lines and rnd.random() < .2 else rnd.randint(0, 5) if is_tiny else amount(rnd)
        lines.append({"price": price, "quantity": quantity, "class": rnd.choice(sorted(classes)), "parts": parts(rnd, quantity)})
    promotions = []
    for _ in range(rnd.choice([0, 1, 1, 2, 3, 5])):
        kind = rnd.choice(["line", "order", "shipping"])
        of_lines = ["percent", "amount", "amount_each", "buy_get"]
        promotions.append({
            "class": kind, "action": action(rnd, of_lines[:2] if kind == "shipping" else of_lines),
            "priority": rnd.choice([0, 0, 1, 2]), "targets": rnd.sample(range(1, 9), rnd.choice([0, 0, 1, 3])),
            "combines": [other for other in ("line", "order", "shipping") if rnd.random() < .85]})
    modes = ["proportional", "proportional", "highest", "largest", "none"] + [f"class:{name}" for name in classes]
    return {"prices_include_tax": rnd.random() < .5, "step": rnd.choice([1, 1, 5, 10]), "is_exempt": rnd.random() < .1,
            "shipping": rnd.choice([None, amount(rnd), amount(rnd)]), "shipping_tax": rnd.choice(modes), "classes": classes,
            "lines": lines, "promotions": promotions}


class Expected:
    """What the reference says of a shop."""

    def __init__(self, ref, shop):
        self.ref, self.shop = ref, shop
        rates = {name: [(code, ppm) for code, ppm, _ in of] for name, of in shop["classes"].items()}
        ref["UNSHIPPED"].clear()
        ref["UNSHIPPED"].update((code, ppm) for of in shop["classes"].values() for code, ppm, ships in of if not ships)
        self.items = [ref["Item"](line["price"] * line["quantity"], rates[line["class"]], qty=line["quantity"])
                      for line in shop["lines"]]
        self.shipping = ref["Item"](shop["shipping"] or 0, [])
        self.taken = []
        for kind in ("line", "order", "shipping"):
            self.phase(kind)
        mode = shop["shipping_tax"]
        if mode == "none" or mode.startswith("class:"):
            mode = tuple(rates.get(mode.removeprefix("class:"), ()))
        self.priced = ref["price"](self.items, shop["shipping"], mode, shop["prices_include_tax"], self.shipping.discount,
                                   shop["step"])

    def effect(self, promotion):
        """What a promotion takes off each item that it is for: (item, amount)."""
        split, percent = self.ref["split"], self.ref["percent"]
        if promotion["class"] == "shipping":
            items, numbers = [self.shipping], [0]
        else:
            wanted = promotion["targets"]
            numbers = [n for n in range(1, len(self.items) + 1) if not wanted or n in wanted]
            items = [self.items[n - 1] for n in numbers]
        (kind, value), = promotion["action"].items()
        left = [item.left for item in items]
        if kind == "buy_get":
            prices = [self.shop["lines"][n - 1]["price"] for n in numbers]
            units = [(price, at) for at, price in enumerate(prices) for _ in range(items[at].qty)]
            off, _ = self.ref["buy_get"](units, *value)
            shares = [min(off.get(at, 0), item.left) for at, item in enumerate(items)]
        elif kind == "amount_each":
            shares = [min(value * item.qty, item.left) for item in items]
        else:
            shares = split(min(value, sum(left)) if kind == "amount" else percent(sum(left), value), left)
        return list(zip(items, shares))

    def phase(self, kind):
        """R112: by priority, then by what each saves alone, then by id; greedily those that may stand together."""
        saving = lambda promotion: sum(share for _, share in self.effect(promotion))
        numbered = [one for one in enumerate(self.shop["promotions"], 1) if one[1]["class"] == kind]
        for _, promotion in sorted(numbered, key=lambda one: (-one[1]["priority"], -saving(one[1]), one[0])):
            effect = self.effect(promotion)
            stands = all(promotion["class"] in one["combines"] and one["class"] in promotion["combines"] for one in self.taken)
            if stands and any(share for _, share in effect):
                self.taken.append(promotion)
                for item, share in effect:
                    item.left -= share
                    item.discount += share

    def answer(self):
        shop, r = self.shop, self.priced
        spared = lambda tax: tax if shop["is_exempt"] and shop["prices_include_tax"] else 0
        def item(of):
            _, amount, discount, left, tax, net, gross = of
            paid = [0, net, net] if shop["is_exempt"] else [tax, net, gross]
            return [amount, discount, spared(tax), *paid]
        lines, shipping = [item(i) for i in r["items"][:len(self.items)]], [item(i) for i in r["items"][len(self.items):]]
        gross = sum(i[5] for i in lines + shipping)
        total = self.ref["div_half_up"](gross, shop["step"]) * shop["step"]
        if not shop["is_exempt"]:
            assert (total, total - gross) == (r["total"], r["rounding"])
        tax = 0 if shop["is_exempt"] else r["tax"]
        taxes = {}
        for code, _, _, t in r["groups"]:
            taxes[code] = taxes.get(code, 0) + (0 if shop["is_exempt"] else t)
        given = [[[g, t] for g, t, _ in self.ref["parts_of"](i[5], i[3], line["quantity"], line["parts"])]
                 for i, line in zip(lines, shop["lines"])]
        return {"totals": [r["subtotal"], r["discount"], spared(r["tax"]), r["shipping"], tax, total - gross, total],
                "lines": lines, "shipping": shipping, "taxes": sorted(taxes.items()), "parts": given}


def main():
    reference, ours, count, seed = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    ref, rnd = corrected(reference), random.Random(seed)
    shops = [shop(rnd) for _ in range(count)]
    lines = "".join(json.dumps(one) + "\n" for one in shops)
    run = subprocess.run([ours], input=lines, stdout=subprocess.PIPE, text=True, check=True)
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    if len(answers) != count:
        sys.exit(f"money: {count} shops, but {len(answers)} answers")
    for number, (one, answer) in enumerate(zip(shops, answers), 1):
        answer["taxes"] = sorted(tuple(tax) for tax in answer["taxes"])
        expected = Expected(ref, copy.deepcopy(one)).answer()
        if answer != expected:
            sys.exit(f"money: shop {number} of seed {seed} differs\nshop      {json.dumps(one)}\nreference {json.dumps(expected)}"
                     f"\nours      {json.dumps(answer)}")
    discounted = sum(any(line[1] for line in answer["lines"]) for answer in answers)
    taxed = sum(answer["totals"][4] > 0 for answer in answers)
    print(f"money: {count} shops of seed {seed} cost the same, {discounted} of them with discounts and {taxed} with taxes")


if __name__ == "__main__":
    main()
