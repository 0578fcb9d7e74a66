package abi

// background runs f on a goroutine. If in, a Waker or an Env, has a method Go, that does it
// and counts the goroutine as work for the guest's tree, whose end then waits for it. With
// nil f runs here: the caller is no driver. A nil f does nothing.
func background(in any, f func()) {
	if f == nil {
		return
	}
	switch b := in.(type) {
	case nil:
		f()
	case interface{ Go(f func()) }:
		b.Go(f)
	default:
		go f()
	}
}

// quietly calls code of the host when nobody is left to be told of its errors. It may panic.
func quietly(f func()) {
	defer func() { _ = recover() }()
	f()
}
