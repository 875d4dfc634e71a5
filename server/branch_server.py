"""A running branch: the rooms of the server, wired together."""

import asyncio
import logging
from collections.abc import Callable
from ssl import SSLContext

from server.connections import Connections
from server.dispatch import Dispatch
from server.gateway import DeviceAccount, Gateway, Limits
from server.lane import Lane
from server.notices import Notices
from server.ports import Clock, Ids
from server.staff_door import StaffDoor
from server.store import Store

log = logging.getLogger(__name__)
