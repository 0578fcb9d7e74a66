package main

import (
	"context"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/grpc/arithmetic"
)

// A client that cancels a call ends it, whatever the guest waits for.
func TestCancel(t *testing.T) {
	each(t, func(t *testing.T, s *service) {
		for name, begin := range map[string]func(ctx context.Context) (recv func() error){
			"before the response": func(ctx context.Context) func() error {
				stream, err := s.Sum(ctx)
				if err != nil {
					t.Fatal(err)
				}
				if err := stream.Send(number(1)); err != nil {
					t.Fatal(err)
				}
				eventually(t, "the guest has begun", func() bool { return s.app.Stats().Handles > 0 })
				return func() error { return stream.RecvMsg(new(arithmetic.SumResponse)) }
			},
			"while the guest sleeps": func(ctx context.Context) func() error {
				stream, err := s.Count(ctx, &arithmetic.CountRequest{To: 1 << 40, IntervalMs: 50})
				if err != nil {
					t.Fatal(err)
				}
				if _, err := stream.Recv(); err != nil {
					t.Fatal(err)
				}
				return func() error { _, err := stream.Recv(); return err }
			},
			"while the guest waits for a message": func(ctx context.Context) func() error {
				stream, err := s.Average(ctx)
				if err != nil {
					t.Fatal(err)
				}
				exchange(t, stream, 1, 1)
				return func() error { _, err := stream.Recv(); return err }
			},
		} {
			t.Run(name, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				recv := begin(ctx)
				cancel()
				if err := recv(); status.Code(err) != codes.Canceled {
					t.Errorf("%v", err)
				}
				s.idle(t)
				s.works(t)
			})
		}
	})
}

// A deadline that passes ends the call as well.
func TestDeadline(t *testing.T) {
	each(t, func(t *testing.T, s *service) {
		s.works(t)
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		stream, err := s.Count(ctx, &arithmetic.CountRequest{To: 1 << 40, IntervalMs: 50})
		for err == nil {
			_, err = stream.Recv()
		}
		if status.Code(err) != codes.DeadlineExceeded {
			t.Errorf("%v", err)
		}
		s.idle(t)
		s.works(t)
	})
}

// A client whose connection breaks off in the middle of a stream ends what the guest sends it.
func TestClientLeaves(t *testing.T) {
	each(t, func(t *testing.T, s *service) {
		stream, err := s.Count(t.Context(), &arithmetic.CountRequest{To: 1 << 40, IntervalMs: 1})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := stream.Recv(); err != nil {
			t.Fatal(err)
		}
		if err := s.socket.Close(); err != nil {
			t.Fatal(err)
		}
		s.idle(t)
		s.works(t) // by another connection
	})
}

// A client that does not read is not sent to for ever, and leaving it ends the guest that waits.
func TestClientDoesNotRead(t *testing.T) {
	each(t, func(t *testing.T, s *service) {
		ctx, leave := context.WithCancel(t.Context())
		defer leave()
		if _, err := s.Count(ctx, &arithmetic.CountRequest{To: 1 << 40}); err != nil {
			t.Fatal(err)
		}
		s.works(t)
		leave()
		s.idle(t)
	})
}

// Fifty streams at once share instances, each of which serves sixteen and no more.
func TestFiftyAtOnce(t *testing.T) {
	each(t, func(t *testing.T, s *service) {
		instances := map[string]int{}
		streams := make([]arithmetic.Arithmetic_AverageClient, 50)
		for i := range streams { // one begins when the guests wait for the others
			stream, err := s.Average(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			exchange(t, stream, 1, 1)
			header, err := stream.Header()
			if err != nil {
				t.Fatal(err)
			}
			instances[strings.Join(header.Get("x-instance"), " ")]++
			streams[i] = stream
		}
		var wg sync.WaitGroup
		for _, stream := range streams {
			wg.Go(func() {
				for n := range 20 {
					v := float64(n + 2) // the mean of 1, 2 and so on
					if err := stream.Send(number(v)); err != nil {
						t.Error(err)
						return
					}
					if m, err := stream.Recv(); err != nil || m.Value != (1+v)/2 {
						t.Errorf("%v, %v", m, err)
						return
					}
				}
				if err := stream.CloseSend(); err != nil {
					t.Error(err)
				}
				if m, err := stream.Recv(); err != io.EOF {
					t.Errorf("at the end: %v, %v", m, err)
				}
			})
		}
		wg.Wait()
		t.Logf("fifty calls at once were served by %d instances", len(instances))
		if len(instances) < 4 || len(instances) >= 50 {
			t.Errorf("fifty calls at once were served by %d instances: %v", len(instances), instances)
		}
		for _, n := range instances {
			if n > 16 {
				t.Errorf("an instance has served %d at once", n)
			}
		}
		s.idle(t)
	})
}
