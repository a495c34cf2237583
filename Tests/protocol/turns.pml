/* Two versions of one key, which are converted one after the other. A Promela model for SPIN, beside lease.pml.

The key has a note: whose turn it is, the turn's number, and until when others stay out. An invocation for a version

    1. enters: it is this version's turn, or the turn of the other has ended or expired, and a new one begins;
    2. takes the lease of its version, as in lease.pml; a checkpoint of an earlier turn does not count;
    3. sends the messages of each segment, and renews the lease with the checkpoint after it;
    4. sends the manifest, notes that the version is finished, and ends the turn.

What must not happen: version 1 sends segment 0 and ends without notice, version 2 sends everything, and version 1 goes on with
segment 1. So

    1  enters turn 1, sends segment 0, ends without notice   {turn 1 of version 1}    checkpoint 1 of turn 1
    2  enters when that has expired, sends everything        {turn 2 of version 2}
    1  is retried, enters, starts over                       {turn 3 of version 1}    checkpoint 0 of turn 3

Two invocations of version 1 may be at work at the same time: one is late, and has lost the version's lease. What it still sends
are copies, also after the version's turn.

Time is modelled by one rule: a turn expires at any moment after its invocations have ended. That holds because a turn outlasts
the last moment at which they can send by more than clocks differ. */

#define SEGMENTS 2
#define DEATHS 3

byte holder, turn;                  /* the version whose turn it is or was last, and the turn's number */
bool isLive;                        /* whether others stay out */
byte atWork[3];                     /* the invocations of a version that have entered and not ended */
byte checkpoint[3], turnOf[3];      /* the note of a version: the progress, and the turn in which it was made */
byte owner[3];                      /* the invocation that has the version's lease */
bool isFinished[3];

byte sent[6];                       /* the turn in which a segment of a version was sent last, at the place below */
bool hasManifest[3];
bool isGivenUp;                     /* whether an event of version 1 is among the failed ones */
byte deaths;

#define PLACE(version, segment) ((version - 1) * SEGMENTS + segment)

#ifdef EXPIRES_EARLY
#define EXPIRED true
#elif defined(NEVER_EXPIRES)
#define EXPIRED false
#else
#define EXPIRED (atWork[holder] == 0)
#endif
#ifdef CONTINUES_IN_ANOTHER_TURN
#define IS_LOST false
#else
#define IS_LOST (turnOf[version] != own)
#endif

/* The invariants, and the tests that hold the code to them; see lease.pml.

oneAtATime: outside of its version's turn, a message is a copy of one that was sent before.
    OrderTests.swift `wait for one another`
    OrderTests.swift `stay out for six minutes after the last moment at which the other could send`
    OrderTests.swift `keep their turn through all portions`
oneTurn: all messages of a version are sent in the turn in which its manifest is.
    OrderTests.swift `never wait for ever, and one that comes again after its turn starts over`
    OrderTests.swift `are planned anew if another was converted in between`
noneWaitsForEver: in the end a version is finished, whether or not the other is.
    OrderTests.swift `never wait for ever, and one that comes again after its turn starts over`
    OrderTests.swift `that are finished wait for nothing` */
#define INVARIANT(name, condition) assert(condition)

inline mayDie() { if :: deaths < DEATHS -> deaths++; goto dead :: skip fi }

inline send() {
    INVARIANT(oneAtATime, holder == version || sent[PLACE(version, segment)] != 0);
    if :: holder == version -> sent[PLACE(version, segment)] = turn :: else fi
}

inline sendManifest() {
    INVARIANT(oneAtATime, holder == version || hasManifest[version]);
    if
    :: holder == version ->
       for (segment : 0 .. SEGMENTS - 1) { INVARIANT(oneTurn, sent[PLACE(version, segment)] == turn) }
    :: else
    fi;
    hasManifest[version] = true
}

inline leave() { if :: holder == version -> isLive = false :: else fi }

proctype Invocation(byte me; byte version) {
    byte segment, own;

start:
    atomic {
        if
        :: isFinished[version] -> leave(); goto done
        :: !isFinished[version] && holder == version
        :: !isFinished[version] && holder != version && (!isLive || EXPIRED) -> holder = version; turn++
        fi;
        isLive = true; own = turn; atWork[version]++
    }
    atomic {
        mayDie();
        if
        :: isFinished[version] -> leave(); atWork[version]--; goto done
        :: else
        fi;
        owner[version] = me;
        if :: IS_LOST -> checkpoint[version] = 0 :: else fi;
        turnOf[version] = own;
        segment = checkpoint[version]
    }
    do
    :: segment < SEGMENTS ->
       atomic { mayDie(); send() };
       atomic {
           mayDie();
           if :: owner[version] != me -> goto dead :: else fi;
           segment++; checkpoint[version] = segment
       }
    :: segment == SEGMENTS -> break
    od;
#ifdef LEAVES_BEFORE_MANIFEST
    atomic { leave() };
#endif
    atomic { mayDie(); sendManifest() };
    atomic {
        mayDie();
        if :: owner[version] != me -> goto dead :: else fi;
        isFinished[version] = true
    }
    atomic { mayDie(); leave(); atWork[version]--; goto done }
dead:   /* Or failed. Its caller retries it, or gives up at last. */
    atomic {
        atWork[version]--; segment = 0; own = 0;
        if :: goto start :: version == 1 -> isGivenUp = true fi
    }
done:
    skip
}

init {
    atomic { run Invocation(1, 1); run Invocation(2, 1); run Invocation(3, 2) }
    timeout;
    INVARIANT(noneWaitsForEver, isFinished[2] && (isFinished[1] || isGivenUp))
}
