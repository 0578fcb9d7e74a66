// Package dnstest answers the name lookups of tests, so that names mean what a test says and
// nothing leaves the machine.
package dnstest

import (
	"context"
	"encoding/binary"
	"io"
	"net"
	"net/netip"
	"sync"
)

// Names answers every lookup of a name with one address after the other, the last of which it
// stays with. Each element may have several addresses, in which case all are given at once.
type Names struct {
	mu      sync.Mutex
	answers [][]netip.Addr
	lookups map[uint16]int // by the kind of address
}

// New makes Names of lists of addresses. It panics if one is none.
func New(answers ...[]string) *Names {
	n := &Names{lookups: map[uint16]int{}}
	for _, texts := range answers {
		var list []netip.Addr
		for _, text := range texts {
			list = append(list, netip.MustParseAddr(text))
		}
		n.answers = append(n.answers, list)
	}
	return n
}

// Resolver returns a resolver that asks n and nobody else.
func (n *Names) Resolver() *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		client, server := net.Pipe()
		go n.serve(server)
		return client, nil
	}}
}

// Lookups returns how many lookups of IPv4 addresses there were; there are as many for IPv6.
func (n *Names) Lookups() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.lookups[typeA]
}

const (
	typeA    = 1
	typeAAAA = 28
	header   = 12 // bytes
)

// serve answers the queries of a connection, each with its length before it (RFC 1035).
func (n *Names) serve(c net.Conn) {
	defer c.Close()
	for {
		var size [2]byte
		if _, err := io.ReadFull(c, size[:]); err != nil {
			return
		}
		query := make([]byte, binary.BigEndian.Uint16(size[:]))
		if _, err := io.ReadFull(c, query); err != nil || len(query) < header {
			return
		}
		reply := n.answer(query)
		if _, err := c.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(reply))), reply...)); err != nil {
			return
		}
	}
}

// answer makes the reply to a query of one question.
func (n *Names) answer(query []byte) []byte {
	end := header
	for end < len(query) && query[end] != 0 {
		end += int(query[end]) + 1
	}
	end += 5 // the root's label, type and class
	if end > len(query) {
		return query
	}
	kind := binary.BigEndian.Uint16(query[end-4:])
	var records []byte
	count := uint16(0)
	for _, addr := range n.next(kind) {
		if kind == typeA != addr.Is4() {
			continue
		}
		raw := addr.AsSlice()
		records = append(records, 0xc0, header) // the name of the question
		records = binary.BigEndian.AppendUint16(records, kind)
		records = append(records, 0, 1, 0, 0, 0, 0) // class, and a life of no time
		records = binary.BigEndian.AppendUint16(records, uint16(len(raw)))
		records = append(records, raw...)
		count++
	}
	reply := append([]byte{query[0], query[1], 0x81, 0x80, 0, 1}, byte(count>>8), byte(count), 0, 0, 0, 0)
	return append(append(reply, query[header:end]...), records...)
}

// next returns the addresses for a query. Both kinds of queries of one lookup get the same.
func (n *Names) next(kind uint16) []netip.Addr {
	n.mu.Lock()
	defer n.mu.Unlock()
	if kind != typeA && kind != typeAAAA || len(n.answers) == 0 {
		return nil
	}
	n.lookups[kind]++
	return n.answers[min(n.lookups[kind], len(n.answers))-1]
}
