package spin_test

import (
	"strings"
	"testing"

	"github.com/spinhost/spin"
)

// denies loads an app whose dependency inherits nothing, and returns what its calls get. The host must not be reached.
func denies(t *testing.T, file string, calls ...int) (got []string) {
	t.Helper()
	var r reached
	app := loadTry(t, tryFS(t, "false", file), spin.Config{Runtime: newTryRuntime(t), HostAPIs: r.recordingAll(t)})
	for _, k := range calls {
		result, err := tryCall(t, app, "x0", "acme:main/calls", uint32(k))
		if err != nil {
			t.Log(err)
		}
		got = append(got, result)
	}
	for call := range r.calls {
		t.Errorf("%s: the host was reached by %s", file, call)
	}
	return got
}

func expect(t *testing.T, got []string, want ...string) {
	t.Helper()
	if strings.Join(got, ", ") != strings.Join(want, ", ") {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestSocketsOfWASI3AreDenied(t *testing.T) {
	expect(t, denies(t, "wasi:sockets/types@0.3.0", 0, 1), "1", "1")
	expect(t, denies(t, "wasi:sockets/types@0.3.0-rc-2026-03-15", 0, 1), "1", "1")
}

func TestBatchesAndAtomicsAreDenied(t *testing.T) {
	expect(t, denies(t, "wasi:keyvalue/batch@0.2.0-draft2", 0, 1, 2), "trap", "trap", "trap")
	expect(t, denies(t, "wasi:keyvalue/atomics@0.2.0-draft2", 0, 1, 2, 3), "trap", "trap", "trap", "trap")
}

func TestSnapshotsAreDenied(t *testing.T) {
	for _, v := range []string{"@0.2.0-rc-2023-10-18", "@0.2.0-rc-2023-11-10"} {
		expect(t, denies(t, "wasi:cli/environment"+v, 0, 1, 2), "0", "0", "0")
		expect(t, denies(t, "wasi:filesystem/preopens"+v, 0), "0")
		expect(t, denies(t, "wasi:sockets/tcp-create-socket"+v, 0), "2")
		expect(t, denies(t, "wasi:sockets/udp-create-socket"+v, 0), "2")
		expect(t, denies(t, "wasi:sockets/ip-name-lookup"+v, 0), "2")
	}
	expect(t, denies(t, "wasi:http/outgoing-handler@0.2.0-rc-2023-10-18", 0), `4 "wasi:http/outgoing-handler" is not permitted`)
	expect(t, denies(t, "wasi:http/outgoing-handler@0.2.0-rc-2023-11-10", 0), `39 "wasi:http/outgoing-handler" is not permitted`)
}

func TestASecondVersionOnOneTrackIsDenied(t *testing.T) {
	expect(t, denies(t, "two-environments", 0, 1), "0", "0")
	expect(t, denies(t, "two-postgres", 0, 1), `5 "spin:postgres/postgres" is not permitted`, `5 "spin:postgres/postgres" is not permitted`)
}

// The guest's error has no case of the name, so that the denial cannot be told.
func TestADenialThatDoesNotFitTraps(t *testing.T) {
	expect(t, denies(t, "other-errors", 0), "trap")
}

func TestFunctionsOfLaterVersionsAreDenied(t *testing.T) {
	expect(t, denies(t, "later-function", 0), "trap")
}

func TestVersionsThatNobodyProvidesDoNotLoad(t *testing.T) {
	for _, inherit := range []string{"false", "true"} {
		app := loadTry(t, tryFS(t, inherit, "later-track"), spin.Config{Runtime: newTryRuntime(t)})
		if _, err := app.Invoke(t.Context(), "x0", "acme:main/calls#try", uint32(0)); err == nil || !strings.Contains(err.Error(), "fermyon:spin/key-value@4.0.0") {
			t.Errorf("inherit_configuration = %s: got %v", inherit, err)
		}
	}
}
