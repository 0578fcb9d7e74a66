package canon

// queue is a ring of threads, first in, first out.
type queue struct {
	ring []*Thread
	head int
	n    int
}

func (q *queue) push(th *Thread) {
	if q.n == len(q.ring) {
		grown := make([]*Thread, max(8, 2*q.n))
		for i := range q.n {
			grown[i] = q.ring[(q.head+i)%len(q.ring)]
		}
		q.ring, q.head = grown, 0
	}
	q.ring[(q.head+q.n)%len(q.ring)] = th
	q.n++
}

func (q *queue) pop() *Thread {
	if q.n == 0 {
		return nil
	}
	th := q.ring[q.head]
	q.ring[q.head] = nil
	q.head = (q.head + 1) % len(q.ring)
	q.n--
	return th
}
