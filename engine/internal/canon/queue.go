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

// at returns the thread that is the i-th from the front.
func (q *queue) at(i int) *Thread { return q.ring[(q.head+i)%len(q.ring)] }

// take takes out the first, or where there is an order the one whose place it says among n.
func (q *queue) take(order func(n int) int) *Thread {
	if order == nil || q.n < 2 {
		return q.pop()
	}
	return q.remove(order(q.n))
}

// remove takes out the i-th from the front.
func (q *queue) remove(i int) *Thread {
	th := q.at(i)
	for ; i > 0; i-- {
		q.ring[(q.head+i)%len(q.ring)] = q.at(i - 1)
	}
	q.pop()
	return th
}

// drop takes out th.
func (q *queue) drop(th *Thread) {
	for i := range q.n {
		if q.at(i) == th {
			th.queued = false
			q.remove(i)
			return
		}
	}
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
