"""What the application can do: one function per action; never commits."""
