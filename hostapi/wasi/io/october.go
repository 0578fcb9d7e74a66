package io

import (
	"slices"
	"strings"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/internal/family"
	p2io "github.com/spinhost/spin/hostapi/wasi/p2/io"
)

// october returns the interfaces of wasi:io as the snapshot of October 2023 has them: the resource
// error is in streams, pollables have no functions of their own, and what moves bytes out of a
// stream takes that away from the guest.
func october() []hostapi.Interface {
	return []hostapi.Interface{family.Same(octoberPoll()), family.Same(octoberStreams())}
}

func octoberPoll() *abi.Interface {
	i := *p2io.ServePoll(pollInterface{})
	i.Funcs = slices.Clone(i.Funcs)
	for k := range i.Funcs {
		switch f := &i.Funcs[k]; f.Name {
		case "poll":
			f.Name = "poll-list"
		case "[method]pollable.block":
			f.Name, f.Type = "poll-one", strings.Replace(f.Type, "(self:", "(in:", 1)
		}
	}
	i.Funcs = slices.DeleteFunc(i.Funcs, func(f abi.Func) bool { return strings.HasPrefix(f.Name, "[method]") })
	return inOctober(&i)
}

func octoberStreams() *abi.Interface {
	i, e := *p2io.ServeStreams(), p2io.ServeError()
	i.Resources = slices.Concat(e.Resources, i.Resources)
	i.Funcs = slices.Concat(e.Funcs, i.Funcs)
	var forward abi.Func
	for k := range i.Funcs {
		switch f := &i.Funcs[k]; f.Name {
		case "[method]output-stream.splice":
			owned(f, p2io.ServeSpliceOwned)
		case "[method]output-stream.blocking-splice":
			owned(f, p2io.ServeBlockingSpliceOwned)
			forward = *f
		}
	}
	forward.Name, forward.Type = "[method]output-stream.forward", strings.Replace(forward.Type, ",len:u64", "", 1)
	forward.Serve = p2io.ServeForward
	i.Funcs = append(i.Funcs, forward)
	return inOctober(&i)
}

// owned has a function take the input stream away from the guest.
func owned(f *abi.Func, serve func(*abi.Call)) {
	f.Type = strings.Replace(f.Type, "src:borrow<", "src:own<", 1)
	f.Serve = serve
}

// inOctober gives an interface the names of the snapshot. The list of functions is its own.
func inOctober(i *abi.Interface) *abi.Interface {
	i.ID = strings.Replace(i.ID, "@"+family.Stable, "@"+family.October, 1)
	names := strings.NewReplacer(p2io.ErrorID+"#", "wasi:io/streams@"+family.October+"#", "@"+family.Stable+"#", "@"+family.October+"#")
	for k := range i.Funcs {
		i.Funcs[k].Type = names.Replace(i.Funcs[k].Type)
	}
	return i
}
