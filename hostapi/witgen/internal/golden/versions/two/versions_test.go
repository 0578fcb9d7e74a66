package two

import (
	"context"
	"reflect"
	"testing"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi/wit"
	"github.com/spinhost/spin/hostapi/witgen/internal/abitest"
	"github.com/spinhost/spin/hostapi/witgen/internal/golden/versions/one"
)

// shop implements the older version.
type shop struct{ orders uint32 }

func (*shop) Find(_ context.Context, title string) (one.Book, error) {
	if title == "" {
		return one.Book{}, one.ErrorMissing("title")
	}
	return one.Book{Title: title, Genre: abi.Some(one.GenreVerse), Marks: one.MarksLent}, nil
}

func (*shop) NewCart(_ context.Context, first one.Book) (one.Cart, error) {
	return &cart{one.Books{first}}, nil
}

func (s *shop) Order(_ context.Context, c one.Cart) (one.Receipt, error) {
	if len(c.(*cart).books) == 0 {
		return one.Receipt{}, one.ErrorClosed()
	}
	s.orders++
	return one.Receipt{Number: s.orders}, nil
}

func (*shop) Lines(context.Context) ([]one.OrderLine, error) { return nil, nil }
func (*shop) Front(context.Context) (one.Desk, error)        { return nil, nil }

// newer implements the newer version: what differs, and nothing else.
type newer struct{ *shop }

func (n newer) Order(ctx context.Context, c one.Cart) (Receipt, error) {
	r, err := n.shop.Order(ctx, c)
	return Receipt{Number: uint64(r.Number)}, err
}

func (n newer) Count(context.Context) (uint32, error)    { return n.orders, nil }
func (newer) Lines(context.Context) ([]OrderLine, error) { return nil, nil }
func (newer) Front(context.Context) (Desk, error)        { return nil, nil }

// cart is a Cart of both.
type cart struct{ books one.Books }

func (c *cart) Add(_ context.Context, b one.Book) (uint32, error) {
	c.books = append(c.books, b)
	return uint32(len(c.books)), nil
}

func (c *cart) Merge(_ context.Context, other one.Cart) (one.Cart, error) {
	return &cart{append(c.books, other.(*cart).books...)}, nil
}

func (c *cart) Books(context.Context) (one.Books, error) { return c.books, nil }

// Guests of both versions reach one implementation.
func TestOneImplementationServesBoth(t *testing.T) {
	set, err := wit.ParseDir("../../../../testdata/wit/versions/one", "../../../../testdata/wit/versions/two")
	if err != nil {
		t.Fatal(err)
	}
	s := new(shop)
	for _, served := range []*abi.Interface{one.ServeShelf(s), ServeShelf(newer{s})} {
		e := abitest.NewEnv()
		w := set.Interface(served.ID)
		call := func(name string, args ...any) any {
			t.Helper()
			for _, f := range served.Funcs {
				if f.Name == name {
					v, _, err := e.Call(abitest.Import{Func: w.Func(name), Serve: f.Serve}, args...)
					if err != nil {
						t.Fatalf("%s: %v", name, err)
					}
					return v
				}
			}
			t.Fatalf("%s has no %s", served.ID, name)
			return nil
		}
		ok := func(v any) any { return abitest.Case{Value: v} }
		fail := func(v any) any { return abitest.Case{Index: 1, Value: v} }
		book := []any{"Faust", abitest.Case{Index: 1, Value: abitest.Case{Index: 1}}, uint64(2)}
		c := call("[constructor]cart", book)
		for _, x := range []struct {
			name string
			args []any
			want any
		}{
			{"find", []any{"Faust"}, ok(book)},
			{"find", []any{""}, fail(abitest.Case{Value: "title"})},
			{"[method]cart.add", []any{c, book}, ok(uint64(2))},
			{"[method]cart.books", []any{c}, []any{book, book}},
			{"order", []any{c}, ok([]any{uint64(s.orders + 1)})},
			{"order", []any{&cart{}}, fail(abitest.Case{Index: 1})},
		} {
			if got := call(x.name, x.args...); !reflect.DeepEqual(got, x.want) {
				t.Errorf("%s: %s is %v, not %v", served.ID, x.name, got, x.want)
			}
		}
	}
	if s.orders != 2 {
		t.Errorf("%d orders", s.orders)
	}
}
