struct Shape {
  virtual int area() const = 0;
};
struct Registered {
  Shape *shape;
  explicit Registered(Shape *s) : shape(s) { s->area(); }
};
template <typename T> struct Counter { static T value; };
template <typename T> T Counter<T>::value = 5;
template <typename T> inline T larger(T a, T b) { return a > b ? a : b; }
inline int sum_of(const Shape &a, const Shape &b) { static int calls; return a.area() + b.area() + ++calls; }
