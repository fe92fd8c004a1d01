""" Contains all the data models used in inputs/outputs """

from .ack_request import AckRequest
from .acked import Acked
from .append_entries_request import AppendEntriesRequest
from .appended_ids import AppendedIds
from .auto_claim_request import AutoClaimRequest
from .auto_claimed import AutoClaimed
from .claim_request import ClaimRequest
from .claimed import Claimed
from .claimed_entry import ClaimedEntry
from .consumer_description import ConsumerDescription
from .consumer_info import ConsumerInfo
from .consumer_list import ConsumerList
from .consumer_pending_count import ConsumerPendingCount
from .current_delivery_policy import CurrentDeliveryPolicy
from .dead_entry import DeadEntry
from .dead_list import DeadList
from .delete_consumer_pending import DeleteConsumerPending
from .delete_entries_request import DeleteEntriesRequest
from .delete_group_pending import DeleteGroupPending
from .deleted import Deleted
from .deleted_consumer import DeletedConsumer
from .deleted_entries import DeletedEntries
from .delivered_entry import DeliveredEntry
from .delivered_stream_entries import DeliveredStreamEntries
from .delivery_policy import DeliveryPolicy
from .ensure_group_request import EnsureGroupRequest
from .ensured_consumer import EnsuredConsumer
from .ensured_group import EnsuredGroup
from .ensured_stream import EnsuredStream
from .entry_list import EntryList
from .extend_request import ExtendRequest
from .extended import Extended
from .fault import Fault
from .fields import Fields
from .group_description import GroupDescription
from .group_info import GroupInfo
from .group_list import GroupList
from .group_read import GroupRead
from .group_read_place import GroupReadPlace
from .groups_read import GroupsRead
from .list_entries_order import ListEntriesOrder
from .liveness import Liveness
from .nack import Nack
from .nack_outcome import NackOutcome
from .nack_request import NackRequest
from .nacked import Nacked
from .new_entry import NewEntry
from .new_entry_fields import NewEntryFields
from .open_api_document import OpenApiDocument
from .pending_entry import PendingEntry
from .pending_list import PendingList
from .pending_of_consumer import PendingOfConsumer
from .pending_of_group import PendingOfGroup
from .pending_summary import PendingSummary
from .problem import Problem
from .read_group_request import ReadGroupRequest
from .read_groups_request import ReadGroupsRequest
from .read_place import ReadPlace
from .read_streams_request import ReadStreamsRequest
from .readiness import Readiness
from .redrive_request import RedriveRequest
from .redriven import Redriven
from .set_stream_id_request import SetStreamIdRequest
from .storage_server import StorageServer
from .storage_state import StorageState
from .stream_description import StreamDescription
from .stream_entry import StreamEntry
from .stream_info import StreamInfo
from .stream_list import StreamList
from .stream_read import StreamRead
from .stream_summary import StreamSummary
from .streams_read import StreamsRead
from .trim import Trim
from .trim_stream_request import TrimStreamRequest
from .trimmed import Trimmed
from .update_group_request import UpdateGroupRequest

__all__ = (
    "Acked",
    "AckRequest",
    "AppendedIds",
    "AppendEntriesRequest",
    "AutoClaimed",
    "AutoClaimRequest",
    "Claimed",
    "ClaimedEntry",
    "ClaimRequest",
    "ConsumerDescription",
    "ConsumerInfo",
    "ConsumerList",
    "ConsumerPendingCount",
    "CurrentDeliveryPolicy",
    "DeadEntry",
    "DeadList",
    "DeleteConsumerPending",
    "Deleted",
    "DeletedConsumer",
    "DeletedEntries",
    "DeleteEntriesRequest",
    "DeleteGroupPending",
    "DeliveredEntry",
    "DeliveredStreamEntries",
    "DeliveryPolicy",
    "EnsuredConsumer",
    "EnsuredGroup",
    "EnsuredStream",
    "EnsureGroupRequest",
    "EntryList",
    "Extended",
    "ExtendRequest",
    "Fault",
    "Fields",
    "GroupDescription",
    "GroupInfo",
    "GroupList",
    "GroupRead",
    "GroupReadPlace",
    "GroupsRead",
    "ListEntriesOrder",
    "Liveness",
    "Nack",
    "Nacked",
    "NackOutcome",
    "NackRequest",
    "NewEntry",
    "NewEntryFields",
    "OpenApiDocument",
    "PendingEntry",
    "PendingList",
    "PendingOfConsumer",
    "PendingOfGroup",
    "PendingSummary",
    "Problem",
    "ReadGroupRequest",
    "ReadGroupsRequest",
    "Readiness",
    "ReadPlace",
    "ReadStreamsRequest",
    "Redriven",
    "RedriveRequest",
    "SetStreamIdRequest",
    "StorageServer",
    "StorageState",
    "StreamDescription",
    "StreamEntry",
    "StreamInfo",
    "StreamList",
    "StreamRead",
    "StreamsRead",
    "StreamSummary",
    "Trim",
    "Trimmed",
    "TrimStreamRequest",
    "UpdateGroupRequest",
)
