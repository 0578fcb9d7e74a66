package filesystem

import (
	"context"

	"github.com/spinhost/spin/hostapi"
)

// Open returns how many descriptors the instance has open that calls with ctx.
func Open(s *hostapi.Scope, ctx context.Context) int { return grantOf(s).quota(ctx).Open() }

// How errors are said in both versions.
var (
	Code2 = code2
	Code3 = code3
)
