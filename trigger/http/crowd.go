package http

import (
	"hash/maphash"
	nethttp "net/http"
	"runtime"
	"sync/atomic"
)

// crowd has the responses of requests that are ready at the same time go out together.
//
// net/http sends what it holds of a response when the handler returns. A client or a proxy on this
// machine that waits for it sleeps, and waking it takes as long as many a guest: once for several
// responses is better than once for each.
type crowd struct {
	seed  maphash.Seed
	last  atomic.Uint64 // the client of the last request
	begun atomic.Uint64 // requests
}

// visit is a request among others.
type visit struct {
	n      uint64
	others bool // clients beside its own
}

// enter says that a request begins.
func (c *crowd) enter(r *nethttp.Request) visit {
	client := maphash.String(c.seed, r.RemoteAddr)
	return visit{c.begun.Add(1), c.last.Swap(client) != client}
}

// letOthersRun is called at the end of a request's handler. If there is only one client, which waits
// for each response, the request goes on: Go would wake another processor for it.
func (c *crowd) letOthersRun(v visit) {
	if v.others || c.begun.Load() != v.n {
		runtime.Gosched()
	}
}
