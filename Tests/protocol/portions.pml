/* One large object, cut into two portions by executions of the state machine. A Promela model for SPIN, beside lease.pml.

An event of the object reserves its schema in the note, and starts an execution under a name that the object's id determines; if
that one has ended without success, under the next name. The execution's tasks are invocations of the function:

    plan       take the reserved schema, and find where the portions start
    convert    send a portion's messages, wait until the queue has confirmed them, and note the result: the queue, and the end
    manifest   read all results; refuse them unless all are of this queue and each ends where the next one starts; send the
               manifest unless the note says that the object is finished; note that it is

Portions are converted in any order or at the same time, and the manifest comes after both. Executions of one object share the
results. An execution fails after a portion timed out, whose invocation still works:

    execution 1    portion 0 is done; portion 1 times out; the execution fails, which is reported
    an operator    deploys the function with another queue, and redrives the execution
    portion 1      is converted again, into the other queue
    manifest       is refused: portion 0 went to the first queue. The execution fails again
    an operator    sends the event again, which starts execution 2: both portions and the manifest go to the other queue

What may happen, at any step: an invocation ends without notice, before or after a call had its effect; a task times out while
its invocation works on; tasks are retried any number of times; an event is delivered twice; the function is deployed with
another queue; the portions' starts are wrong, which invalid bytes can cause.

Not modelled: invalid objects, the boundaries from which the starts are computed, and objects that are converted in order.

Each #ifdef breaks one rule of the protocol. The check must then find an error. */

#define PORTIONS 2
#ifndef INVOCATIONS     /* At the same time. */
#define INVOCATIONS 2
#endif
#ifndef HAS_SECOND      /* Whether an event starts a second execution after the first failed. An operator starts one in any case. */
#define HAS_SECOND true
#endif
#define NAMES 3         /* The third is only for the operator. */

/* Tasks of an execution: portions, and the manifest. The plan is made when it starts. */
#define MANIFEST PORTIONS
/* A task's state, if it is not the number of the invocation that works on it. */
#define TODO 0
#define DONE 9

mtype:status = { ABSENT, RUNNING, FAILED, SUCCEEDED };

typedef Execution { mtype:status status; byte task[PORTIONS + 1]; bit schema };

Execution execution[NAMES + 1];
byte result[PORTIONS];      /* the queue of a portion's result, counted from 1; 0 if there is no result */
bool areStartsRight;
bit queue;                  /* of the function as it is deployed now */
bool isFinished;            /* whether the note says so */

bool isWhole[2 * PORTIONS]; /* whether a queue has all messages of a portion */
byte made[PORTIONS];        /* the schemas, as bits, with which its messages were made */
bool hasManifest;
bool isReported;            /* whether the error queue, or the queue of failed events, names the object */
bool isBusy[INVOCATIONS + 1];
bool isCalm;                /* nothing fails any more */

#define IS_DONE (isFinished && hasManifest)
#define HAS_ENDED(number) (execution[number].status == FAILED || execution[number].status == SUCCEEDED)
#define IS_READY(number, name) (execution[number].status == RUNNING && execution[number].task[name] == TODO && \
    (name != MANIFEST || (execution[number].task[0] == DONE && execution[number].task[1] == DONE)))
#define IS_BUSY(number, name) (execution[number].status == RUNNING && execution[number].task[name] != TODO && \
    execution[number].task[name] != DONE)

#ifdef PLANS_WITHOUT_RESERVATION
#define PLANNED_SCHEMA(number) (number - 1)
#else
#define PLANNED_SCHEMA(number) 0
#endif
#ifdef IGNORES_QUEUES
#define IS_FROM_QUEUE(place) true
#else
#define IS_FROM_QUEUE(place) (result[place] == own + 1)
#endif
#ifdef IGNORES_ENDS
#define IS_CONTINUOUS true
#else
#define IS_CONTINUOUS areStartsRight
#endif
#ifdef SENDS_MANIFEST_AGAIN
#define IS_SENT false
#else
#define IS_SENT isFinished
#endif
#ifdef FAILS_UNREPORTED
#define REPORT skip
#else
#define REPORT isReported = true
#endif
#ifdef TAKES_ENDED_FOR_RUNNING
#define IS_SHARED(number) (execution[number].status != ABSENT)
#else
#define IS_SHARED(number) (execution[number].status == RUNNING)
#endif

/* The invariants, and the tests that hold the code to them; see lease.pml.

equalMessages: a portion's messages are always the same, whoever sends them.
    SchemaTests.swift `keeps its schema in every portion, and when portions are redriven`
noGap: the manifest is sent when its queue has the messages of all portions.
    JobTests.swift `send no manifest if a portion went to another queue`
    JobTests.swift `send no manifest if the queue has not confirmed a portion`
    JobTests.swift `send no manifest if a portion does not end where the next one starts`
onlyOnce: an invocation that begins when the object is finished sends no manifest.
    JobTests.swift `send the last message once, however often they run`
finishedIsComplete: the manifest is sent before the note says that the object is finished.
    JobTests.swift `do not finish an object without its manifest`
hasOwner: when nothing moves any more, the object is finished or reported.
    JobTests.swift `report an execution that ended without success`
canBeRedone: an operator who redrives an execution, or else sends the event again, finishes the object.
    JobTests.swift `are started again if an execution ended without converting the object`
    JobTests.swift `send the same messages as a single run when failed portions are redriven` */
#define INVARIANT(name, condition) assert(condition)

inline fail(failing) {
    execution[failing].status = FAILED;
    for (i : 0 .. MANIFEST) { if :: execution[failing].task[i] != DONE -> execution[failing].task[i] = TODO :: else fi }
    i = 0;
    REPORT
}

inline start(number) { execution[number].status = RUNNING; execution[number].schema = PLANNED_SCHEMA(number) }

inline mayFail() { if :: !isCalm -> goto died :: skip fi }

inline send() {
    mayFail();
    made[task] = made[task] | (1 << schema);
    INVARIANT(equalMessages, made[task] == (1 << schema));
    isWhole[own * PORTIONS + task] = (task == 0 || areStartsRight)
}

inline noteResult() { mayFail(); result[task] = own + 1 }

inline sendManifest() {
    mayFail();
    INVARIANT(noGap, isWhole[own * PORTIONS] && isWhole[own * PORTIONS + 1]);
    INVARIANT(onlyOnce, !isLate);
    hasManifest = true
}

inline finish() { mayFail(); INVARIANT(finishedIsComplete, hasManifest); isFinished = true }

#define TAKE(other, name) IS_FIRST && IS_READY(other, name) -> number = other; task = name
/* Of those that wait, which are all alike, the first takes the task. */
#define IS_FIRST ((me < 2 || isBusy[1]) && (me < 3 || isBusy[2]))

/* An invocation after the other. */
proctype Invocation(byte me) {
    byte number, task, i;
    bit own;        /* the queue of the function as it was deployed when the invocation began */
    bit schema;
    bool isLate;    /* whether the object was finished when it began */

end:
    atomic {
        if
        :: TAKE(1, 0) :: TAKE(1, 1) :: TAKE(1, MANIFEST)
        :: TAKE(2, 0) :: TAKE(2, 1) :: TAKE(2, MANIFEST)
        :: TAKE(3, 0) :: TAKE(3, 1) :: TAKE(3, MANIFEST)
        fi;
        execution[number].task[task] = me;
        isBusy[me] = true;
        own = queue;
        isLate = isFinished;
        schema = execution[number].schema;
        if
        :: task == MANIFEST -> goto manifest
        :: else
        fi
    }
#ifdef RESULT_BEFORE_MESSAGES
    atomic { noteResult() };
    atomic { send(); goto answered };
#else
    atomic { send() };
    atomic { noteResult(); goto answered };
#endif
manifest:
    atomic {
        mayFail();
        if
        :: !(IS_FROM_QUEUE(0) && IS_FROM_QUEUE(1) && IS_CONTINUOUS) ->
           if
           :: execution[number].task[task] == me -> fail(number)
           :: else
           fi;
           goto died
        :: else
        fi;
        if :: IS_SENT -> goto answered :: else fi
    }
#ifdef FINISHES_BEFORE_MANIFEST
    atomic { finish() };
    atomic { sendManifest() };
#else
    atomic { sendManifest() };
    atomic { finish() };
#endif
answered:
    atomic {
        mayFail();
        if
        :: execution[number].task[task] == me ->
           execution[number].task[task] = DONE;
           if :: task == MANIFEST -> execution[number].status = SUCCEEDED :: else fi
        :: else     /* Nobody waits for it any more. */
        fi
    }
died:
    atomic {
        if
        :: number != 0 && execution[number].task[task] == me -> execution[number].task[task] = TODO
        :: else
        fi;
        isBusy[me] = false; number = 0; task = 0; own = 0; schema = 0; isLate = false;
        goto end
    }
}

#define EXPIRE(other, name) IS_BUSY(other, name) && !isCalm -> execution[other].task[name] = TODO

/* A task that times out is retried, beside its first invocation. An execution fails if a task fails too often. */
proctype StateMachine() {
    byte i;

end:
    atomic {
        if
        :: EXPIRE(1, 0) :: EXPIRE(1, 1) :: EXPIRE(1, MANIFEST)
        :: EXPIRE(2, 0) :: EXPIRE(2, 1) :: EXPIRE(2, MANIFEST)
        :: execution[1].status == RUNNING && !isCalm -> fail(1)
        :: execution[2].status == RUNNING && !isCalm -> fail(2)
        fi;
        goto end
    }
}

/* An event, delivered any number of times. */
proctype Event() {
begin:
    atomic {
        mayFail();
        if
        :: isFinished -> goto over
        :: else
        fi;
        if
        :: execution[1].status == ABSENT -> start(1)
        :: IS_SHARED(1)
        :: HAS_SECOND && HAS_ENDED(1) && !IS_SHARED(1) && execution[2].status == ABSENT -> start(2)
        :: HAS_ENDED(1) && !IS_SHARED(1) && IS_SHARED(2)
        :: HAS_ENDED(1) && !IS_SHARED(1) && !IS_SHARED(2) && (HAS_ENDED(2) || !HAS_SECOND) ->
           if
           :: isCalm -> start(3)
           :: else -> goto died
           fi
        fi
    }
over:
    atomic { if :: !isCalm -> goto begin :: skip fi; goto ended }
died:
    atomic { if :: goto begin :: isReported = true fi }
ended:
}

proctype Deployer() { if :: queue = 1 :: skip fi }

/* Redrives a failed execution or sends the event again, and if that was refused sends the event again. */
inline operate() {
    isCalm = true;
    if
    :: execution[1].status == FAILED -> execution[1].status = RUNNING
    :: execution[2].status == FAILED -> execution[2].status = RUNNING
    :: run Event()
    fi;
    timeout;
    if
    :: IS_DONE
    :: else -> run Event(); timeout
    fi
}

init {
    byte i;
    atomic {
        for (i : 1 .. NAMES) { execution[i].status = ABSENT }
        for (i : 1 .. INVOCATIONS) { run Invocation(i) }
        i = 0;
        run StateMachine();
        run Event();
        if
        :: areStartsRight = true; run Deployer()
        :: areStartsRight = false
        fi
    }
    timeout;
    INVARIANT(hasOwner, IS_DONE || isReported);
    if
    :: IS_DONE
    :: else -> operate(); INVARIANT(canBeRedone, IS_DONE || !areStartsRight)
    fi
}
