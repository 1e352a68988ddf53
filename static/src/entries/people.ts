/** The page of people here now. */
