"""What the app uses of the SDK's bindings, here those of WASI 0.3.0."""

from spin_sdk.wit import (
    result_option_wasi_http_types_0_3_0_fields_wasi_http_types_0_3_0_error_code_future as trailers_future,
    result_unit_wasi_http_types_0_3_0_error_code_future as result_future,
)
from spin_sdk.wit.imports import (
    wasi_cli_environment_0_3_0 as environment,
    wasi_clocks_monotonic_clock_0_3_0 as clock,
    wasi_http_client_0_3_0 as client,
    wasi_http_types_0_3_0 as types,
)

GUEST = "python-p3"
