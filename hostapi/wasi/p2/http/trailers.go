package http

import "github.com/spinhost/spin/engine/abi"

// ServeTrailersOnce serves [method]future-trailers.get as it was in the snapshot of November
// 2023, without a case for trailers that were taken before: that is the error internal-error.
// Its type is
//
//	func(self:borrow<future-trailers>)->option<result<option<own<fields>>,error-code>>
func ServeTrailersOnce(c *abi.Call) {
	g := &c.Guest
	self := borrowFutureTrailers(g, c.Args().U32(0), 0)
	if c.Failed() {
		return
	}
	v, err := self.Get(c.Context())
	if err != nil {
		c.Fail(err)
		return
	}
	once := v.Value.Value
	if v.OK && v.Value.IsErr {
		once.IsErr, once.Err = true, ErrorCodeInternalError(abi.Some("the trailers were taken before"))
	}
	p := c.Result(48, 8)
	if c.Failed() {
		dropResultOfOptionOfFieldsOrErrorCode(g, once)
		return
	}
	g.PutBool(p, v.OK)
	if v.OK {
		storeResultOfOptionOfFieldsOrErrorCode(g, p+8, once, 1)
	}
}
