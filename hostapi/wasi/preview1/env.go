package preview1

import (
	"crypto/rand"

	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/wasi/cli"
)

// arguments are those of the program that is run.
func arguments(c *call) []string { return hostapi.CommandOf(c.Context()).Args }

// variables are the environment, each as NAME=value.
func variables(c *call) []string {
	vars := hostapi.CommandOf(c.Context()).Environ(c.p.scope.Environment)
	list := make([]string, len(vars))
	for i, v := range vars {
		list[i] = v.Name + "=" + v.Value
	}
	return list
}

func argsGet(_ *process, c *call) errno         { return c.texts(arguments(c)) }
func argsSizesGet(_ *process, c *call) errno    { return c.sizes(arguments(c)) }
func environGet(_ *process, c *call) errno      { return c.texts(variables(c)) }
func environSizesGet(_ *process, c *call) errno { return c.sizes(variables(c)) }

// sizes tells how many texts there are, and how many bytes they take with a zero behind each.
func (c *call) sizes(list []string) errno {
	bytes := 0
	for _, s := range list {
		bytes += len(s) + 1
	}
	c.put32(c.u32(0), uint32(len(list)))
	c.put32(c.u32(1), uint32(bytes))
	return success
}

// texts stores texts, each with a zero behind it, and a list of their addresses.
func (c *call) texts(list []string) errno {
	at, data := c.u32(0), c.u32(1)
	for _, s := range list {
		c.put32(at, data)
		n := uint32(len(s)) + 1
		if !c.Check(data, n, 1) {
			return success
		}
		copy(c.Mem()[data:], s)
		c.PutU8(data+n-1, 0)
		at, data = at+4, data+n
	}
	return success
}

// exit ends the instance, as exit-with-code of wasi:cli does.
func exit(_ *process, c *call) errno {
	c.Fail(&cli.ExitError{Code: uint8(min(c.u32(0), 255))})
	return success
}

func randomGet(_ *process, c *call) errno {
	if b := c.View(c.u32(0), c.u32(1)); len(b) > 0 {
		rand.Read(b) // never fails
	}
	return success
}
