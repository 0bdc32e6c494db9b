template <typename T> struct Box {
    T value;
    static int made;
    virtual T get() const { return value; }
    virtual ~Box() { made--; }
};
template <typename T> int Box<T>::made = 1;
inline const char *shared_text() { return "text of an inline function"; }
inline int &shared_static() { static int value = 40; return value; }
