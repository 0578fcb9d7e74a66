package main

import (
	"errors"
	"io"
	"math"
	"slices"
	"testing"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"example.com/grpc/arithmetic"
)

func number(v float64) *arithmetic.Number { return &arithmetic.Number{Value: v} }

func TestUnary(t *testing.T) {
	each(t, func(t *testing.T, s *service) {
		s.works(t)
		ctx := metadata.AppendToOutgoingContext(t.Context(), "x-request-id", "seven")
		var header, trailer metadata.MD
		res, err := s.Divide(ctx, &arithmetic.DivideRequest{Dividend: 1, Divisor: -4}, grpc.Header(&header), grpc.Trailer(&trailer))
		if err != nil || res.Quotient != -0.25 {
			t.Errorf("%v, %v", res, err)
		}
		if got := header.Get("x-request-id"); !slices.Equal(got, []string{"seven"}) || len(header.Get("x-instance")) != 1 {
			t.Errorf("header %v, trailer %v", header, trailer)
		}
	})
}

// A status stands in trailers, with details.
func TestStatusWithDetails(t *testing.T) {
	each(t, func(t *testing.T, s *service) {
		_, err := s.Divide(t.Context(), &arithmetic.DivideRequest{Dividend: 1})
		got := status.Convert(err)
		if got.Code() != codes.InvalidArgument || got.Message() != "cannot divide by 0: send another divisor" {
			t.Errorf("%v", err)
		}
		details := got.Details()
		if len(details) != 1 {
			t.Fatalf("details %v", details)
		}
		bad, ok := details[0].(*errdetails.BadRequest)
		if !ok || len(bad.FieldViolations) != 1 || bad.FieldViolations[0].Field != "divisor" || bad.FieldViolations[0].Description != "is 0" {
			t.Errorf("details %v", details)
		}
		s.works(t)
	})
}

func TestServerStream(t *testing.T) {
	each(t, func(t *testing.T, s *service) {
		for _, n := range []uint64{0, 1, 3, 5000} { // 0: a response without messages
			stream, err := s.Count(t.Context(), &arithmetic.CountRequest{To: n})
			if err != nil {
				t.Fatal(err)
			}
			for i := range n {
				m, err := stream.Recv()
				if err != nil || m.Value != float64(i+1) {
					t.Fatalf("message %d of %d: %v, %v", i, n, m, err)
				}
			}
			if m, err := stream.Recv(); err != io.EOF {
				t.Errorf("after %d messages: %v, %v", n, m, err)
			}
		}
	})
}

func TestClientStream(t *testing.T) {
	each(t, func(t *testing.T, s *service) {
		for _, n := range []int{0, 1, 5000} {
			stream, err := s.Sum(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for i := range n {
				if err := stream.Send(number(float64(i))); err != nil {
					t.Fatalf("message %d: %v", i, err)
				}
			}
			res, err := stream.CloseAndRecv()
			if err != nil || res.Count != uint64(n) || res.Sum != float64(n*(n-1)/2) {
				t.Errorf("%d numbers: %v, %v", n, res, err)
			}
		}
	})
}

// Each number is answered before the next is sent.
func TestBidirectionalStreams(t *testing.T) {
	each(t, func(t *testing.T, s *service) {
		stream, err := s.Average(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range []float64{2, 3, 4} {
			exchange(t, stream, float64(2*(i+1)), want)
		}
		if err := stream.CloseSend(); err != nil {
			t.Error(err)
		}
		if m, err := stream.Recv(); err != io.EOF {
			t.Errorf("at the end: %v, %v", m, err)
		}
	})
}

// exchange sends a number and checks the mean that comes back.
func exchange(t *testing.T, stream arithmetic.Arithmetic_AverageClient, v, want float64) {
	t.Helper()
	if err := stream.Send(number(v)); err != nil {
		t.Fatal(err)
	}
	if m, err := stream.Recv(); err != nil || m.Value != want {
		t.Fatalf("%v, %v", m, err)
	}
}

// A call that fails in the middle has its status behind the messages.
func TestStatusAfterMessages(t *testing.T) {
	each(t, func(t *testing.T, s *service) {
		stream, err := s.Average(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		exchange(t, stream, 8, 8)
		if err := stream.Send(number(math.Inf(1))); err != nil {
			t.Fatal(err)
		}
		if _, err := stream.Recv(); status.Code(err) != codes.OutOfRange || status.Convert(err).Message() != "inf has no place in a mean" {
			t.Errorf("%v", err)
		}
		s.idle(t)
	})
}

func TestUnknownMethod(t *testing.T) {
	each(t, func(t *testing.T, s *service) {
		for method, want := range map[string]codes.Code{
			"/acme.arithmetic.v1.Arithmetic/Multiply": codes.Unimplemented, // says the guest
			"/acme.arithmetic.v2.Arithmetic/Divide":   codes.Unimplemented, // no route: 404
		} {
			err := s.conn.Invoke(t.Context(), method, &arithmetic.DivideRequest{}, &arithmetic.DivideResponse{})
			if status.Code(err) != want {
				t.Errorf("%s: %v", method, err)
			}
		}
	})
}

// A message that is none fails its call and no other.
func TestMalformedMessage(t *testing.T) {
	each(t, func(t *testing.T, s *service) {
		err := s.conn.Invoke(t.Context(), arithmetic.Arithmetic_Divide_FullMethodName, []byte{0xff}, &arithmetic.DivideResponse{}, grpc.ForceCodec(raw{}))
		if status.Code(err) != codes.Internal {
			t.Errorf("%v", err)
		}
		s.works(t)
	})
}

// raw sends bytes as they are.
type raw struct{}

func (raw) Name() string { return "proto" }

func (raw) Marshal(v any) ([]byte, error) {
	b, ok := v.([]byte)
	if !ok {
		return nil, errors.New("no bytes")
	}
	return b, nil
}

func (raw) Unmarshal([]byte, any) error { return nil }
