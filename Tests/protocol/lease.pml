/* One object and three callers of the function, under one lease. A Promela model for SPIN; Tests/protocol/run checks it.

The bucket has one note about the object: who works on it, until when, how far the queue has its messages, and whether all
were sent. An invocation

    1. writes the note if there is none, or else reads it: finished, or another's for now, or free to take;
    2. takes the lease by writing the note on the condition that it is as it was read;
    3. sends the messages of a segment, and waits until the queue has confirmed them;
    4. renews the lease with the checkpoint after that segment, on the same condition, and goes on with 3. If the condition
       fails and the note is not its own, it has lost the lease and fails;
    5. if the time is short, writes that the lease has expired and has another invocation continue; otherwise
    6. after the last segment sends the manifest, and then notes that the object is finished.

Two events name an object of two segments. A is late, since its process was paused; B's clock is ahead:

    A  takes the lease                   {owner A, live, checkpoint 0}
    A  sends segment 0, is paused
    B  reads the note; by its clock the lease has expired. It takes it: {owner B, live, checkpoint 0}
    B  sends segment 0 again: the same messages, with the same ids
    B  renews                            {owner B, live, checkpoint 1}
    A  goes on, and renews: the note is not what it wrote, nor its own. It fails, with segment 0 sent twice and nothing lost
    A' the platform retries A under the same id. It reads that B holds the lease, and skips the object
    B  sends segment 1 and the manifest  {owner B, finished}

What may happen, at any step: an invocation ends without notice, before or after a call had its effect, which covers failed
calls and lost answers; its caller retries it any number of times, then the event is among the failed ones, where an operator
sees it; an event is delivered twice, under one id or two; a message of a queue is delivered again, under another id; an
invocation hands over, to the function or to an execution of the state machine.

Time is not modelled. Whether a lease with a time has expired is each reader's free choice, since clocks may be ahead or behind
by any amount. Only a lease that was released has expired for everybody. A note's tag is a hash of its text, so it is modelled
by the content; the times in two invocations' notes may be equal or not, also by choice.

Not modelled: invalid objects, another queue or configuration (both start over, with other messages), removed notes, large
objects, which are in portions.pml, and versions of a key that wait for one another, which are in turns.pml. What one object's model leaves out, the simulated stories have (tools/simulate).

Each #ifdef breaks one rule of the protocol. The check must then find an error. */

#ifndef SEGMENTS
#define SEGMENTS 2
#endif
#define CALLERS 3
#define OPERATOR 4
#define NOBODY 0

/* An event is retried under its id, and names a version of the object, or the newest (UNNAMED). A message of a queue and a step
of the state machine are tried again under another id. */
mtype:kind = { FREE, EVENT, UNNAMED, QUEUE, MACHINE };

/* The owner is the writer's id; `returns` is whether the writer's event names a version. */
typedef Note { byte writer; bool isLive; byte checkpoint; bit schema; bool isFinished };

Note note;
mtype:kind kind[CALLERS + 2];
byte id[CALLERS + 2];
bool hasEnded[CALLERS + 2];
bool hasMachine;
byte execution[SEGMENTS];           /* the caller that is the execution named after this checkpoint; 0 if there was none */

byte begun[SEGMENTS];               /* the schemas, as bits, with which messages of a segment were made */
bool isWhole[SEGMENTS];             /* whether the queue has all messages of a segment */
bool hasManifest;
bool isOverwritten;                 /* whether the key has a newer version of the object */
bool isNamed;                       /* whether an event names this version */
bool isReported, isUnnamedReported; /* whether an event that names the version, or does not, is among the failed ones */
bool isCalm;                        /* nothing fails any more, and leases have expired */

#define IS_EVENT (kind[me] == EVENT || kind[me] == UNNAMED)
#define RETURNS (kind[note.writer] != UNNAMED)
#define IS_SAME(a, b) (id[a.writer] == id[b.writer] && a.isLive == b.isLive && a.checkpoint == b.checkpoint && \
    a.schema == b.schema && a.isFinished == b.isFinished)
#define IS_FROM_SAME_WRITER(progress, finished) (id[note.writer] == id[me] && note.checkpoint == progress && \
    note.schema == seen.schema && note.isFinished == finished)
#define IS_DONE (note.isFinished && hasManifest)

#ifdef WRITES_WITHOUT_CONDITION
#define MAY_WRITE true
#define MAY_FAIL false
#else
#define MAY_WRITE IS_SAME(note, seen)
#define MAY_FAIL (note.writer != seen.writer || !IS_SAME(note, seen))
#endif
#ifdef WORKS_AFTER_LOSS
#define LOSE skip
#else
#define LOSE goto failed
#endif
#ifdef TAKES_OWN_SCHEMA
#define SCHEMA 1
#else
#define SCHEMA seen.schema
#endif
#ifdef RETRY_IS_ANOTHER
#define IS_OWN false
#else
#define IS_OWN (id[note.writer] == id[me] && IS_EVENT)
#endif
#ifdef LEASE_NEVER_EXPIRES
#define EXPIRES false
#else
#define EXPIRES isCalm
#endif
#ifdef QUEUE_SKIPS
#define MAY_SKIP RETURNS
#elif defined(SKIPS_WHATEVER_RETURNS)
#define MAY_SKIP IS_EVENT
#else
#define MAY_SKIP (IS_EVENT && RETURNS)
#endif
#ifdef HANDS_ON_UNRELEASED
#define RELEASED true
#else
#define RELEASED false
#endif

/* The invariants, and the tests that hold the code to them. `run` looks for the tests, and breaks a rule for each invariant.

neverBack: progress is never taken back, and a finished object stays finished: who lost the lease writes nothing.
    LeaseTests.swift `is left by an invocation that has lost the lease`
    LeaseTests.swift `is converted once, however often its event is delivered`
checkpointIsSent: the queue has all messages before a checkpoint.
    LeaseTests.swift `is continued from what the queue has`
finishedIsComplete: the manifest is sent before the note says that the object is finished.
    LeaseTests.swift `is not finished without its manifest`
loserStops: who lost the lease sends at most the segment that it had begun.
    LeaseTests.swift `is left by an invocation that has lost the lease`
equalMessages: a segment's messages are always the same, whoever sends them.
    SchemaTests.swift `keeps its schema when it is retried or delivered again after a deployment`
    SchemaTests.swift `keeps its schema when another invocation continues after a deployment`
noGap: the manifest is sent when the queue has all messages, of one schema.
    HandlerTests.swift `fails if bytes of an object are missing, and sends no manifest`
    StoryTests.swift `keep every guarantee, whatever goes wrong`
hasOwner: when nothing moves any more, the object is finished, or an event of it is among the failed ones.
    LeaseTests.swift `is left to the invocation that holds the lease, whose retry continues it`
    LeaseTests.swift `is not left to an invocation whose retry may read another version`
    LeaseTests.swift `is handed on to an invocation whose clock lags`
    LeaseTests.swift `is not left to an ended execution, and the next attempt starts another`
canBeRedone: an operator who sends that event again, once leases have expired, finishes the object.
    LeaseTests.swift `is continued by any invocation once the lease has expired` */
#define INVARIANT(name, condition) assert(condition)

inline copy(from, to) {
    to.writer = from.writer; to.isLive = from.isLive; to.checkpoint = from.checkpoint; to.schema = from.schema;
    to.isFinished = from.isFinished
}

inline forget() {
    seen.writer = 0; seen.isLive = 0; seen.checkpoint = 0; seen.schema = 0; seen.isFinished = 0; isLate = false; segment = 0
}

inline mayFail() { if :: !isCalm -> goto failed :: skip fi }

inline write(live, progress, finished) {
    INVARIANT(neverBack, progress >= note.checkpoint && (!note.isFinished || finished));
    INVARIANT(checkpointIsSent, progress == 0 || isWhole[progress - 1]);
    INVARIANT(finishedIsComplete, !finished || hasManifest);
    seen.writer = me; seen.isLive = live; seen.checkpoint = progress; seen.isFinished = finished;
    copy(seen, note);
    isLate = false
}

/* Lease.update. After a failed condition, a note with the same progress under the same id counts as written: the answer to this
write was lost, or another delivery of the event wrote it. */
inline update(live, progress, finished) {
    mayFail();
    if
    :: MAY_WRITE -> write(live, progress, finished)
    :: MAY_FAIL && IS_FROM_SAME_WRITER(progress, finished) -> copy(note, seen); isLate = false
    :: MAY_FAIL && !IS_FROM_SAME_WRITER(progress, finished) -> LOSE
    fi
}

inline send() {
    mayFail();
    if
    :: id[note.writer] != id[me] -> INVARIANT(loserStops, !isLate); isLate = true
    :: else
    fi;
    begun[segment] = begun[segment] | (1 << seen.schema);
    INVARIANT(equalMessages, begun[segment] == (1 << seen.schema));
    mayFail();
    isWhole[segment] = true
}

inline sendManifest() {
    mayFail();
    for (segment : 0 .. SEGMENTS - 1) { INVARIANT(noGap, isWhole[segment] && begun[segment] == (1 << seen.schema)) }
    segment = SEGMENTS - 1;
    hasManifest = true
}

inline startIn(caller) {
    kind[caller] = (hasMachine -> MACHINE : EVENT);
    execution[segment] = (hasMachine -> caller : 0)
}

proctype Caller(byte me) {
    byte segment;
    Note seen;      /* the note as last read or written, which its tag stands for */
    bool isLate;    /* whether it has sent messages of a segment since it lost the lease */

end:
    kind[me] != FREE;
start:
    atomic {
        mayFail();
        if
        :: kind[me] == UNNAMED && isOverwritten -> goto succeeded   /* It converts the newer version, under another note. */
        :: else
        fi;
        if
        :: note.writer == NOBODY -> write(true, 0, false); goto sending
        :: note.writer != NOBODY && note.isFinished -> goto succeeded
        :: note.writer != NOBODY && !note.isFinished && !IS_OWN && note.isLive && !EXPIRES ->
           if
           :: MAY_SKIP -> goto succeeded
           :: else -> goto failed
           fi
        :: note.writer != NOBODY && !note.isFinished && (IS_OWN || !note.isLive || EXPIRES || !isCalm) -> copy(note, seen)
        fi
    }
    atomic {
        mayFail();
        if
        :: MAY_WRITE -> seen.schema = SCHEMA; write(true, seen.checkpoint, false); segment = seen.checkpoint
        :: MAY_FAIL -> forget(); goto start
        fi
    }
sending:
    if
    :: segment == SEGMENTS - 1 -> goto last
    :: else
    fi;
#ifdef CHECKPOINT_BEFORE_MESSAGES
    atomic { update(true, segment + 1, false) };
    atomic { send();
#else
    atomic { send() };
    atomic { update(true, segment + 1, false);
#endif
        segment++;
        if
        :: goto sending
        :: kind[2] == FREE || kind[3] == FREE || kind[me] == MACHINE    /* The time is short. */
        fi
    };
    atomic { update(RELEASED, segment, false) };
    atomic {
        mayFail();
        if
        :: kind[me] == MACHINE -> forget(); goto start      /* The state machine takes the next step itself. */
        :: kind[me] != MACHINE && hasMachine && execution[segment] != 0 ->
           if
           :: hasEnded[execution[segment]] -> goto failed
           :: else -> goto succeeded
           fi
        :: kind[me] != MACHINE && !(hasMachine && execution[segment] != 0) ->
           if
           :: kind[2] == FREE -> startIn(2)
           :: kind[2] != FREE && kind[3] == FREE -> startIn(3)
           :: kind[2] != FREE && kind[3] != FREE -> goto failed
           fi;
           mayFail();       /* The answer is lost. */
           goto succeeded
        fi
    }
last:
#ifdef FINISHES_BEFORE_MANIFEST
    atomic { send() };
    atomic { update(false, segment, true) };
    atomic { sendManifest(); goto succeeded }
#elif defined(MANIFEST_BEFORE_MESSAGES)
    atomic { sendManifest() };
    atomic { send() };
    atomic { update(false, segment, true); goto succeeded }
#else
    atomic { send() };
    atomic { sendManifest() };
    atomic { update(false, segment, true); goto succeeded }
#endif
failed:
    atomic {
        forget();
        if
        :: !isCalm -> goto start    /* Its caller retries it. */
        :: kind[me] == UNNAMED -> isUnnamedReported = true
        :: kind[me] != UNNAMED -> isReported = true
        fi
    }
succeeded:
    atomic { hasEnded[me] = true; forget() }
}

proctype Uploader() { if :: isOverwritten = true :: skip fi }

/* Chooses three callers of any kinds, in one order of those that make no difference. A free one is there for who continues. */
inline chooseCallers() {
    for (i : 1 .. OPERATOR) { id[i] = i }
#ifndef ONLY_EVENTS
    if :: kind[1] = EVENT :: kind[1] = UNNAMED :: kind[1] = QUEUE :: kind[1] = MACHINE fi;
#else
    kind[1] = EVENT;
#endif
    for (i : 2 .. CALLERS) {
        if
        :: kind[1] == EVENT || kind[1] == UNNAMED -> kind[i] = kind[1]; id[i] = 1       /* The same event, delivered twice. */
        :: kind[i - 1] == EVENT -> kind[i] = EVENT
#ifndef ONLY_EVENTS
        :: kind[i - 1] == EVENT || kind[i - 1] == UNNAMED || id[i - 1] == 1 -> kind[i] = UNNAMED
        :: kind[i - 1] != FREE -> kind[i] = QUEUE
#endif
        :: kind[i] = FREE
        fi
    }
    isNamed = (kind[1] != UNNAMED || kind[2] == QUEUE || kind[3] == QUEUE || kind[2] == EVENT || kind[3] == EVENT);
    if :: kind[CALLERS] == FREE -> hasMachine = true :: hasMachine = false fi
}

init {
    byte i;
    atomic {
        chooseCallers();
        if :: kind[1] == UNNAMED || kind[2] == UNNAMED || kind[3] == UNNAMED -> run Uploader() :: else fi;
        run Caller(1); run Caller(2); run Caller(3)
    }
    timeout;
    INVARIANT(hasOwner, IS_DONE || isReported || (isUnnamedReported && !isOverwritten) || (!isNamed && isOverwritten));
    if
    :: IS_DONE || (!isNamed && isOverwritten)
    :: else ->
       atomic { isCalm = true; kind[OPERATOR] = EVENT; run Caller(OPERATOR) }
       timeout;
       INVARIANT(canBeRedone, IS_DONE)
    fi
}
