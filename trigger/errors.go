package trigger

import "errors"

// ErrBusy is matched by the errors of [Component.Fresh] and [Component.Shared] when there is no
// room for another instance and there was none in time. Trying again later may help.
var ErrBusy = errors.New("no room for another instance")
