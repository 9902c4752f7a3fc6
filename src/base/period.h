/* Periods that the code keeps and the texts of options name: each number is written here once. */
#pragma once

/* A number of the code within a text: "every " TEXT_OF(ANNOUNCE_SEC) " seconds". */
#define TEXT_OF_(n) #n
#define TEXT_OF(n) TEXT_OF_(n)

#define ANNOUNCE_SEC 5       /* between two announcements of the server */
#define BEACON_KEEP_SEC 10   /* after which a log keeps a beacon that says nothing new */
#define GPS_GAP_MIN 10       /* what was seen longer before a fix gets no position from it */
#define DELIVER_FIRST_SEC 1  /* until an alert is offered to a receiver again; twice as long each time up to ... */
#define DELIVER_MOST_SEC 300 /* ... so long */
