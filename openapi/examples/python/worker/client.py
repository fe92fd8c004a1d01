"""The generated client, with one exception for each way in which a request can fail."""

from __future__ import annotations

from typing import Any

from urllib3.exceptions import HTTPError
from weir import ApiClient, ApiException, ApiResponse, Configuration, Problem
from weir.rest import RESTResponse

from .settings import Settings


class Refusal(Exception):
    """Weir refused the request."""

    def __init__(self, problem: Problem, retry_after: str | None) -> None:
        super().__init__(f"{problem.code}: {problem.detail}")
        self.problem = problem
        # The header has whole seconds. Another server on the way may have set a date.
        self.retry_after = int(retry_after) if retry_after and retry_after.isdecimal() else None


class NotAnAnswer(Exception):
    """What came back is not an answer of Weir: a page of a proxy, a redirect, or half of an answer."""


FAILURES = (Refusal, NotAnAnswer, HTTPError)
"""What a request may raise. An `HTTPError` of urllib3 means that no answer came."""


class Client(ApiClient):
    def __init__(self, settings: Settings) -> None:
        # `retries=False` also means that redirects are not followed. urllib3 would repeat most of them with a GET.
        super().__init__(Configuration(host=settings.url, access_token=settings.token, retries=False))

    def response_deserialize(
        self, response_data: RESTResponse, response_types_map: dict[str, Any] | None = None
    ) -> ApiResponse[Any]:
        """Called by all operations."""
        came = f"{response_data.status} with {response_data.headers.get('content-type', 'no content type')}"
        try:
            return super().response_deserialize(response_data, response_types_map)
        except ApiException as error:
            if isinstance(error.data, Problem):
                raise Refusal(error.data, response_data.headers.get("retry-after")) from error
            raise NotAnAnswer(came) from error
        except ValueError as error:
            raise NotAnAnswer(f"{came}, but not as documented") from error
