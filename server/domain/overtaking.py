"""How often each ticket of a line was overtaken: counted by ranges, so that a call costs O(log n).

A later arrival that is called overtakes everyone who came before it, which may be the whole line.
So the counts lie in a tree over the places of arrival, where "one more for all before this place"
touches a path or two, and "the first with so many" is one walk down.
"""

# Below every count that can come up; adding to it never brings it back to zero.
_NOBODY = -(1 << 60)
_PLACES_AT_FIRST = 64


class OvertakeCounts:
    """Counts by place of arrival (0, 1, 2, …); places may be empty."""

    def __init__(self) -> None:
        self._size = _PLACES_AT_FIRST
        # The greatest count below a node, what was added to the node itself included; and what
        # was added to it. What was added further up counts as well.
        self._most = [_NOBODY] * (2 * self._size)
        self._added = [0] * (2 * self._size)

    def put(self, place: int, count: int) -> None:
        """Somebody stands at a place, overtaken so often before."""
        if place >= self._size:
            self._make_room(place)
        leaf = place + self._size
        self._most[leaf] = count - self._added_above(leaf)
        self._mend(leaf)

    def take(self, place: int) -> int:
        """Somebody leaves; how often they were overtaken."""
        count = self.count(place)
        leaf = place + self._size
        self._most[leaf] = _NOBODY
        self._mend(leaf)
        return count

    def count(self, place: int) -> int:
        """How often the one at this place was overtaken."""
        leaf = place + self._size
        return self._most[leaf] + self._added_above(leaf)

    def add_before(self, place: int) -> None:
        """Everyone who stands before a place is overtaken once more."""
        if place >= self._size:
            self._add(1, 1)
            return
        node, most = place + self._size, self._most
        while node > 1:
            if node & 1:
                self._add(node - 1, 1)
            node >>= 1
            most[node] = max(most[2 * node], most[2 * node + 1]) + self._added[node]

    def first(self, least: int = 0, after: int = -1) -> int | None:
        """The first place after another whose count is at least so much."""
        return self._first(1, 0, self._size, 0, least, after + 1)

    def _first(
        self, node: int, begins: int, width: int, above: int, least: int, start: int
    ) -> int | None:
        if begins + width <= start or self._most[node] + above < least:
            return None
        if width == 1:
            return begins
        half, above = width // 2, above + self._added[node]
        found = self._first(2 * node, begins, half, above, least, start)
        if found is None:
            found = self._first(2 * node + 1, begins + half, half, above, least, start)
        return found

    def _add(self, node: int, step: int) -> None:
        self._most[node] += step
        self._added[node] += step

    def _added_above(self, leaf: int) -> int:
        total, node = 0, leaf >> 1
        while node:
            total += self._added[node]
            node >>= 1
        return total

    def _mend(self, leaf: int) -> None:
        most, node = self._most, leaf >> 1
        while node:
            left, right = most[2 * node], most[2 * node + 1]
            most[node] = (left if left > right else right) + self._added[node]
            node >>= 1

    def _make_room(self, place: int) -> None:
        if self._most[1] == _NOBODY:
            # Nobody stands here and nobody was ever overtaken: there is nothing to keep.
            self._size = 1 << place.bit_length()
            self._most = [_NOBODY] * (2 * self._size)
            self._added = [0] * (2 * self._size)
        while place >= self._size:
            self._grow()

    def _grow(self) -> None:
        for node in range(1, self._size):
            for child in (2 * node, 2 * node + 1):
                self._add(child, self._added[node])
        counts = self._most[self._size :]
        self._size *= 2
        self._most = [_NOBODY] * self._size + counts + [_NOBODY] * len(counts)
        self._added = [0] * (2 * self._size)
        for node in range(self._size - 1, 0, -1):
            self._most[node] = max(self._most[2 * node], self._most[2 * node + 1])
