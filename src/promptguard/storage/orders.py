"""Orders in a database: the same in every kind of it.

Each row is sealed with a key of the installation, and a head holds all of them together (`storage.row_heads`): who can
write into the database alone allows nothing by it, and has nothing forgotten.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, replace
from typing import Any, Final

import orjson
from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from promptguard.keys import Keys
from promptguard.policy.orders import (
    Approval,
    Order,
    OrderKind,
    OrderNotPossible,
    OrdersRead,
    OrderState,
    OrderStore,
    is_gone,
)
from promptguard.storage.changes import Topic
from promptguard.storage.open_database import OpenDatabase
from promptguard.storage.row_heads import DOUBTS, Doubt, RowHead
from promptguard.storage.tables import governance_order, meta

_REVISION: Final = "order_revision"
_COLUMNS: Final = tuple(str(column.name) for column in governance_order.c if column.name != "mac")

_OVER: Final = "This is not possible any more: somebody has decided on it, or it is gone."


class DatabaseOrders(OrderStore):
    """See `OrderStore`.

    Args:
        keys: of the installation; beside them stands what this machine saw last.
    """

    def __init__(self, database: OpenDatabase, keys: Keys) -> None:
        self._database = database
        self._key = keys.orders
        self._head = RowHead(database, governance_order, "orders", keys.orders, keys.folder)

    def revision(self) -> str:
        with self._database.reading() as connection:
            # A version that knows no head changes the number alone.
            return f"{_revision(connection)} {self._head.revision(connection)}"

    def add(self, *orders: Order) -> None:
        with self._head.changing() as connection:
            for order in orders:
                connection.execute(insert(governance_order).values(self._row(order)))
            self._tell(connection)

    def approve(self, id: str, approval: Approval, *, needed: int = 1, beside: Sequence[Approval] = ()) -> Order:
        def approved(order: Order) -> Order:
            if not order.genuine or order.state is not OrderState.ASKED:
                raise OrderNotPossible(_OVER)
            if order.expired(approval.time):
                raise OrderNotPossible("Its time is over: ask for it again.")
            if any(each.by == approval.by for each in order.approvals):
                raise OrderNotPossible("You have approved this already.")
            if order.approvals != tuple(beside):
                # Two accounts of one person may do so at once, and each was held against who had approved before.
                raise OrderNotPossible("Somebody approved this at the same time: look at it again.")
            approvals = (*order.approvals, approval)
            state = OrderState.IN_FORCE if len(approvals) >= needed else OrderState.ASKED
            return replace(order, approvals=approvals, state=state)

        return self._change(id, approved)

    def refuse(self, id: str, *, by: str, name: str, now: str, reason: str) -> Order:
        def refused(order: Order) -> Order:
            if order.state is not OrderState.ASKED:
                raise OrderNotPossible(_OVER)
            return _over(order, OrderState.REFUSED, by, name, now, reason)

        return self._change(id, refused)

    def end(self, id: str, *, by: str, name: str, now: str, reason: str) -> Order:
        def ended(order: Order) -> Order:
            asked = order.genuine and order.state is OrderState.ASKED and not order.expired(now)
            if not asked and not order.holds(now):
                raise OrderNotPossible(_OVER)
            return _over(order, OrderState.ENDED, by, name, now, reason)

        return self._change(id, ended)

    def reword(self, id: str, reason: str, *, instead_of: str) -> Order:
        def reworded(order: Order) -> Order:
            if not order.genuine or order.kind is not OrderKind.STOP or order.reason != instead_of:
                raise OrderNotPossible(_OVER)
            return replace(order, reason=reason)

        return self._change(id, reworded)

    def read(self) -> OrdersRead:
        latest = select(governance_order).order_by(governance_order.c.asked.desc(), governance_order.c.id)
        with self._head.reading() as (connection, seen):
            orders = [self._order(row) for row in connection.execute(latest).mappings()]
        if seen.doubt is not Doubt.NONE:
            orders = [replace(order, in_doubt=True) for order in orders]
        return OrdersRead(orders, DOUBTS[seen.doubt])

    def note(self, gone: Iterable[Order] = ()) -> None:
        gone = list(gone)
        if gone or self._head.has_to_be_written():
            with self._head.changing() as connection:
                self._put_back(connection, gone)
                self._tell(connection)

    def restored(self) -> None:
        with self._head.changing(Doubt.RESTORED) as connection:
            self._tell(connection)

    def accept(self, known: Iterable[Order], now: str) -> Sequence[Order]:
        with self._head.accepting(now) as connection:
            back = self._put_back(connection, known)
            self._tell(connection)
        return back

    def _put_back(self, connection: Connection, known: Iterable[Order]) -> list[Order]:
        rows = connection.execute(select(governance_order)).mappings().all()
        there = {order.id: order for order in map(self._order, rows)}
        back = [each for each in known if each.genuine and is_gone(each, there.get(each.id))]
        for order in back:
            connection.execute(delete(governance_order).where(governance_order.c.id == order.id))
            connection.execute(insert(governance_order).values(self._row(order)))
        return back

    def forget(self, before: str) -> int:
        column = governance_order.c
        decided = column.state.in_([str(OrderState.ENDED), str(OrderState.REFUSED)]) & (column.ended < before)
        expired = (column.expires != "") & (column.expires < before)
        with self._head.reading() as (connection, seen):
            over = connection.execute(select(governance_order).where(decided | expired)).mappings().all()
        if seen.doubt is not Doubt.NONE:
            return 0  # it is what somebody has to look at
        # Who has the database alone has nothing deleted by writing that it is over.
        ids = [order.id for order in map(self._order, over) if order.genuine or not order.holds(before)]
        if not ids:
            return 0
        with self._head.changing() as connection:
            gone = connection.execute(delete(governance_order).where(column.id.in_(ids))).rowcount
        self._database.deleted()
        return gone

    def _change(self, id: str, change: Callable[[Order], Order]) -> Order:
        with self._head.changing() as connection:
            found = select(governance_order).where(governance_order.c.id == id)
            row = connection.execute(found).mappings().one_or_none()
            if row is None:
                raise OrderNotPossible(_OVER)
            changed = replace(change(self._order(row)), genuine=True)
            connection.execute(update(governance_order).where(governance_order.c.id == id).values(self._row(changed)))
            self._tell(connection)
        return changed

    def _tell(self, connection: Connection) -> None:
        """Under a lock, so that nobody inserts the revision in between."""
        value = str(_revision(connection) + 1)
        if not connection.execute(update(meta).where(meta.c.name == _REVISION).values(value=value)).rowcount:
            connection.execute(insert(meta).values(name=_REVISION, value=value))
        self._database.announce(connection, Topic.POLICY)

    def _row(self, order: Order) -> dict[str, Any]:
        approvals = [asdict(each) for each in order.approvals]
        row = {name: str(getattr(order, name)) for name in _COLUMNS}
        row |= {"scope": _json(dict(order.scope)), "approvals": _json(approvals)}
        return {**row, "mac": self._mac(row)}

    def _order(self, row: RowMapping) -> Order:
        members: dict[str, Any] = {name: row[name] for name in _COLUMNS}
        mac = row["mac"]
        genuine = isinstance(mac, bytes) and hmac.compare_digest(mac, self._mac(members))
        return Order(**{**members, **_read(members), "genuine": genuine})

    def _mac(self, row: dict[str, Any]) -> bytes:
        return hmac.digest(self._key, orjson.dumps(row, option=orjson.OPT_SORT_KEYS, default=str), "sha256")


def _over(order: Order, state: OrderState, by: str, name: str, now: str, reason: str) -> Order:
    return replace(order, state=state, ended_by=by, ended_name=name, ended=now, end_reason=reason)


def _read(row: dict[str, Any]) -> dict[str, Any]:
    """The members that are no texts. What was changed in the database into nonsense is read as what forbids most."""
    kinds, states = {str(each) for each in OrderKind}, {str(each) for each in OrderState}
    return {
        "kind": OrderKind(row["kind"]) if row["kind"] in kinds else OrderKind.STOP,
        "state": OrderState(row["state"]) if row["state"] in states else OrderState.IN_FORCE,
        "scope": _parsed(row["scope"], dict),
        "approvals": tuple(
            Approval(**each)
            for each in _parsed(row["approvals"], list)
            if isinstance(each, dict) and each.keys() == {"by", "name", "time"}
        ),
    }


def _parsed[Kind: (dict[str, Any], list[Any])](text: str, kind: type[Kind]) -> Kind:
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        return kind()
    return value if isinstance(value, kind) else kind()


def _json(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def _revision(connection: Connection) -> int:
    value = connection.scalar(select(meta.c.value).where(meta.c.name == _REVISION))
    return int(value) if value and value.isdecimal() else 0
