// Names that are hard to demangle: clang-22 -std=c++2c --target=wasm32-wasi -c names.cpp.
// DemanglerTests compares what becomes of them with llvm-cxxfilt-22. Nothing here is ever run.
#define USE __attribute__((used, noinline))

typedef decltype(nullptr) nullptr_t;
typedef unsigned long size_t;

namespace std {
struct bad {};
template <class T> struct allocator {};
template <class T> struct char_traits {};
template <class C, class T = char_traits<C>, class A = allocator<C>> struct basic_string {
  USE basic_string();
  USE ~basic_string() noexcept;
  USE basic_string &append(const basic_string &) { return *this; }
};
template <class C, class T = char_traits<C>> struct basic_ostream {};
template <class C, class T = char_traits<C>> struct basic_istream {};
template <class C, class T = char_traits<C>> struct basic_iostream {};
typedef basic_string<char> string;
typedef basic_ostream<char> ostream;
typedef basic_istream<char> istream;
typedef basic_iostream<char> iostream;
inline namespace v2 {
USE void versioned(string, ostream &, istream &, iostream *, allocator<int>, basic_string<wchar_t>) {}
}
USE void move(const string &, string &&, string &) {}
enum class strong_ordering { less };
template <class T> struct initializer_list {
  const T *begin_;
  size_t size_;
};
class type_info {
public:
  virtual ~type_info();
};
} // namespace std
template <class C, class T, class A> std::basic_string<C, T, A>::basic_string() {}
template <class C, class T, class A> std::basic_string<C, T, A>::~basic_string() noexcept {}
template struct std::basic_string<char>;

// Builtin types
USE void builtins(bool, char, signed char, unsigned char, short, unsigned short, int, unsigned, long, unsigned long) {}
USE void builtins(long long, unsigned long long, __int128, unsigned __int128, float, double, long double, wchar_t) {}
USE void builtins(char8_t, char16_t, char32_t, nullptr_t, _BitInt(7), unsigned _BitInt(128), ...) {}
typedef int int4 __attribute__((vector_size(16)));
typedef float float2 __attribute__((ext_vector_type(2)));
USE void vectors(int4, float2 *, _Complex double, _Complex float *) {}

// Declarators
USE void pointers(int *, const int *, int *const *, const volatile char *volatile const *, int &, int &&, int *__restrict) {}
USE void arrays(int (*)[3], const int (&)[2][4], int (*(*)[5])[6], int (&&)[]) {}
USE void functions(void (*)(), int (*(*)(char))(short), void (&)(int, ...), int (**)(int (*)[2])) {}
USE void noexcepts(void (*)() noexcept, void (*)(void (*)() noexcept)) {}
struct Host {
  int field;
  void method() const;
  void left() &;
  void right() && noexcept;
};
USE void members(int Host::*, void (Host::*)() const, void (Host::*)() &, void (Host::*)() && noexcept, int (Host::*Host::*)(int)) {}
USE void members(int (Host::*)[3], void (Host::*(*)(int))(char), int Host::*const *) {}
USE auto returns_function() -> void (*(*)(int))(char) { return nullptr; }
USE int (&returns_array())[3] {
  static int a[3];
  return a;
}
template <class T> USE auto returns_pointer_to_member(T) -> void (T::*(*)(int))(char) const { return nullptr; }
template auto returns_pointer_to_member(Host) -> void (Host::*(*)(int))(char) const;
template <class T> USE int (*returns_array_pointer(T))[4] { return nullptr; }
template int (*returns_array_pointer(int))[4];
template <class T> USE T &&collapses(T &&t) { return static_cast<T &&>(t); }
template int &collapses<int &>(int &);
template int (&collapses<int (&)[3]>(int (&)[3]))[3];
template void (&collapses<void (&)(int)>(void (&)(int)))(int);

// Operators
struct Number {
  USE Number operator+(Number) const { return {}; }
  USE Number operator-() const { return {}; }
  USE Number operator~() const { return {}; }
  USE bool operator!() const { return false; }
  USE Number &operator++() { return *this; }
  USE Number operator++(int) { return {}; }
  USE Number &operator--() { return *this; }
  USE Number &operator+=(Number) { return *this; }
  USE Number &operator<<=(int) { return *this; }
  USE Number &operator>>=(int) { return *this; }
  USE Number operator>>(int) { return {}; }
  USE bool operator>(Number) { return false; }
  USE bool operator->*(int) { return false; }
  USE Number *operator->() { return this; }
  USE int operator[](int) { return 0; }
  USE int operator()(int, char) { return 0; }
  USE Number operator,(Number) { return {}; }
  USE std::strong_ordering operator<=>(Number) const { return std::strong_ordering::less; }
  USE operator int() const { return 0; }
  typedef void Function();
  typedef int Array[3];
  USE operator Function *() { return nullptr; }
  USE operator Array &() { return returns_array(); }
  template <class T> USE operator T *() { return nullptr; }
  USE static void *operator new(size_t) { return nullptr; }
  USE static void *operator new[](size_t) { return nullptr; }
  USE static void operator delete(void *) {}
  USE static void operator delete[](void *) {}
  template <class T> USE bool operator<(T) { return false; }
  template <class T> USE bool operator<<(T) { return false; }
  USE bool operator&&(Number) { return false; }
  USE bool operator||(Number) { return false; }
  USE Number &operator=(int) { return *this; }
};
template Number::operator char *();
template Number::operator Number *();
template bool Number::operator< <int>(int);
template bool Number::operator<< <Number>(Number);
USE long double operator""_km(long double) { return 0; }
USE unsigned long long operator""_x(const char *, size_t) { return 0; }

// Constructors, destructors, virtual tables, thunks, guards
struct Base {
  virtual ~Base();
  virtual Base *clone();
};
struct Other {
  virtual ~Other();
  virtual Other *clone();
};
struct Virtual : virtual Base, virtual Other {
  Virtual();
  Virtual(int);
  ~Virtual() override;
  Virtual *clone() override;
};
Base::~Base() {}
Base *Base::clone() { return this; }
Other::~Other() {}
Other *Other::clone() { return this; }
Virtual::Virtual() {}
Virtual::Virtual(int) {}
Virtual::~Virtual() {}
Virtual *Virtual::clone() { return this; }
struct Derived : Virtual {
  using Virtual::Virtual;
  int x;
};
USE void inherits() { new Derived(1); }
struct Dynamic {
  Dynamic();
  ~Dynamic();
};
USE Dynamic &guarded(int) {
  static Dynamic d;
  static Dynamic e;
  return d;
}
inline Dynamic inline_variable;
template <class T> Dynamic variable_template;
template <class T> T typed_variable{};
USE void uses_variables() {
  (void)&inline_variable;
  (void)&variable_template<int>;
  (void)&typed_variable<Host *>;
}
USE const Host &temporary = Host{};
extern thread_local Dynamic elsewhere;
USE Dynamic *uses_thread_local() { return &elsewhere; }

// Local and unnamed things
namespace {
struct Hidden {
  USE void method() {}
};
USE void in_anonymous_namespace(Hidden) {}
} // namespace
USE void calls() { Hidden().method(); }

struct [[gnu::abi_tag("v1", "v2")]] Tagged {
  USE void method() {}
};
USE [[gnu::abi_tag("old")]] Tagged returns_tagged(Tagged) { return {}; }
template <class F> USE auto call(F f) { return f(); }
template <class F, class... A> USE auto apply(F f, A... a) { return f(a...); }
USE inline void locals() {
  struct Local {
    USE void method() {}
    struct Inner {
      USE void method() {}
    };
  };
  Local().method();
  Local::Inner().method();
  struct {
    USE void method() {}
  } unnamed;
  unnamed.method();
  auto nested = [] { return [] { return 1; }(); };
  call(nested);
  call([] { return 2; });
  apply([](auto x, int) { return x; }, 1, 2);
  apply([](auto... x) { return sizeof...(x); }, 1, 'c', nullptr);
  apply([]<class T, int N>(T (*)[N]) { return N; }, &returns_array());
  apply([](auto &&x) mutable -> decltype(auto) { return x; }, 1);
  apply([]<template <class> class V, class T>(V<T>) {}, std::allocator<int>());
  apply([]<class... T>(T...) {}, 1, 2.0);
}
USE void in_other_scope() {
  locals();
  auto lambda = [](int, char *, auto...) {};
  lambda(1, nullptr, 2, 3);
  {
    struct Local {
      USE void method() {}
    } a;
    a.method();
  }
  {
    struct Local {
      USE void method() {}
    } b;
    b.method();
  }
}
struct DefaultArguments {
  USE void method(int = call([] { return 3; }), int = call([] { return 4; })) {}
  int initialized = call([] { return 5; });
};
USE void defaults() {
  DefaultArguments d;
  d.method();
}
auto lambda_variable = [](int x) { return x; };
USE int uses_lambda_variable() { return lambda_variable(1); }
template <class T> struct LambdaMember {
  static inline auto member = [](T t) { return t; };
};
USE int uses_lambda_member() { return LambdaMember<int>::member(1); }
USE void bindings() {
  struct Pair {
    int a, b;
  };
  static auto [first, second] = Pair{1, 2};
  (void)&first;
}
struct Two {
  int a, b;
};
static auto [binding_a, binding_b] = Two{1, 2};
USE int uses_binding() { return binding_a; }

// Templates: values, packs, nested lists
template <auto V> struct Value {
  USE static void method() {}
};
enum Color { red, green = -3 };
enum class Scoped : unsigned char { one = 1 };
int global_int;
void global_function(int);
struct Literal {
  int a;
  double b;
  char text[4];
  const int *p;
  struct {
    bool c;
  } d;
};
struct Word {
  char text[6];
  constexpr Word(const char (&s)[6]) : text{s[0], s[1], s[2], s[3], s[4], s[5]} {}
};
union Either {
  int a;
  float b;
};
template struct Value<5>;
template struct Value<-5>;
template struct Value<5u>;
template struct Value<-5l>;
template struct Value<5ull>;
template struct Value<true>;
template struct Value<'a'>;
template struct Value<(signed char)-1>;
template struct Value<(short)-7>;
template struct Value<L'x'>;
template struct Value<u8'x'>;
template struct Value<U'x'>;
template struct Value<(__int128)-1>;
template struct Value<1.5f>;
template struct Value<-0.1>;
template struct Value<3.25L>;
template struct Value<nullptr>;
template struct Value<red>;
template struct Value<green>;
template struct Value<Scoped::one>;
template struct Value<&global_int>;
template struct Value<&global_function>;
template struct Value<&Host::field>;
template struct Value<&Host::method>;
template struct Value<(int Host::*)nullptr>;
template struct Value<Literal{1, 2.5, "abc", &global_int, {true}}>;
template struct Value<Literal{}>;
template struct Value<Word{"a\"\n\x01"
                           "1"}>;
template struct Value<Either{.b = 1.0f}>;
template struct Value<[] { return 1; }>;
int global_array[4];
template struct Value<&global_array[2]>;
template <int &R> struct ByReference {
  USE static void method() {}
};
template struct ByReference<global_int>;
template <class... T> struct Pack {
  USE void method() {}
  template <class... U> USE void both(T..., U &&...) {}
  template <class... U> USE void pairs(Pack<T, U> *...) {}
};
template struct Pack<>;
template struct Pack<int>;
template struct Pack<int, Pack<char, Pack<>>, int *>;
template void Pack<int, char>::both(int, char, long &&, int (&&)[2]);
template void Pack<>::both();
template void Pack<int, char>::pairs(Pack<int, long> *, Pack<char, bool> *);
template <int... N> struct Sequence {
  USE void method() {}
};
template struct Sequence<1, 2, -3>;
template <template <class...> class C, class... T> USE void wraps(C<T...>) {}
template void wraps(Pack<int, char>);
template <template <class, auto...> class C> struct TakesTemplate {
  USE void method() {}
};
template <class T, auto... V> struct Taken {};
template struct TakesTemplate<Taken>;
template <class... T> USE void pack_of_functions(Pack<T (&)[3]...> *, T (*...)(int)) {}
template void pack_of_functions(Pack<int (&)[3], char (&)[3]> *, int (*)(int), char (*)(int));
template <class... T> USE void pack_of_references(T &&...) {}
template void pack_of_references(int (&)[2], void (&)(), const int &, char &&);
template <class A, class B> struct Outer {
  template <class C> struct Inner {
    template <class D> USE D method(A, B, C) const volatile { return D(); }
  };
  USE friend void friendly(Outer) {}
};
template int Outer<int, char>::Inner<long>::method(int, char, long) const volatile;
USE void calls_friend() { friendly(Outer<int, char>()); }
template <class T> USE void explicitly_qualified(const T, volatile T *, const T &) {}
template void explicitly_qualified<int *>(int *const, int *volatile *, int *const &);
template <class T> struct Self {
  USE Self *method(Self, Self<Self> *) { return this; }
};
template struct Self<int>;
struct Explicit {
  USE void deduces(this Explicit &, int) {}
  template <class S> USE void generic(this S &&) {}
};
template void Explicit::generic(this Explicit &&);

// Expressions in signatures
template <class T> T &&declval();
template <bool B, class T = void> struct EnableIf {
  typedef T type;
};
template <class T> struct Trait {
  static constexpr bool value = true;
  typedef T type;
  template <class U> static constexpr bool test = true;
  static int function(int);
};
template <class T> USE typename EnableIf<Trait<T>::value && !(sizeof(T) > 100)>::type enabled(T) {}
template void enabled(int);
template <class T> USE typename EnableIf<(sizeof(T) >> 2 < 100), T>::type shifts(T t) { return t; }
template int shifts(int);
template <class T, class U> USE auto add(T t, U u) -> decltype(t + u * 2 - (t, u)) { return t; }
template auto add(int, int) -> decltype(1 + 1 * 2 - 1);
template <class T> USE auto member(T t) -> decltype(t.field) { return 0; }
template auto member(Host) -> int;
template <class T> USE auto arrow(T *t) -> decltype(t->field, (*t).field, void()) {}
template void arrow(Host *);
template <class T> USE auto calls_it(T t) -> decltype(t(1, 'c')) { return 0; }
template int calls_it(Number);
template <class T> USE auto news(T) -> decltype(new T(1), new T[3], ::new T{}, delete (T *)nullptr, (T *)nullptr) { return nullptr; }
template int *news(int);
template <class T> USE auto casts(T t) -> decltype(static_cast<long>(t) + (int)t + int(t) + T{1} + reinterpret_cast<long &>(t) + const_cast<T &>(t)) { return 0; }
template long casts(long);
template <class T> USE auto sizes(T t) -> EnableIf<sizeof(T) == sizeof(t) && alignof(T) != 77 && noexcept(t.~T())> { return {}; }
template EnableIf<true> sizes(int);
template <class T> USE auto conditional(T t) -> decltype(t ? t : -t, ~t, !t, +t, &t, *&t, t++, ++t, t--, --t, 0) { return 0; }
template int conditional(int);
template <class T> USE auto assigns(T t) -> decltype(t = 1, t += 2, t <<= 3, t ^= 4, t | 1 & 2 ^ 3, t <= 1 || t >= 2 && t != 3, t % 2 / 3, 0) { return 0; }
template int assigns(int);
template <class T> USE auto subscripts(T t) -> decltype(t[0], t.*(&Host::field), (&t)->*(&Host::field), 0);
template <class... T> USE auto folds(T... t) -> EnableIf<(... && (sizeof(t) > 0)) && (Trait<T>::value || ...) && (0 + ... + sizeof(T)) && (sizeof(t) + ... + 0)> { return {}; }
template EnableIf<true> folds(int, char);
template <class... T> USE auto counts(T...) -> EnableIf<(sizeof...(T) > 1)> { return {}; }
template EnableIf<true> counts(int, char);
template <class T> USE auto unresolved(T) -> decltype(T::function(1), Trait<T>::function(2), &Trait<T>::template test<int>, ::global_int) { return global_int; }
struct WithFunction {
  static int function(int);
};
template int &unresolved(WithFunction);
template <class T> USE auto type_id(T t) -> decltype(dynamic_cast<Base *>(t), typeid(T).~type_info(), typeid(t), 0) { return 0; }
template <class T> USE auto throws(T) -> decltype(true ? throw 1 : 0, 0) { return 0; }
template int throws(int);
template <class T> USE auto lists(T) -> decltype(Two{1, 2}, Literal{.a = 1, .b = T()}, 0) { return 0; }
template int lists(int);
template <class T> USE void conditional_noexcept(T, void (*)() noexcept(sizeof(T) == 4)) {}
template void conditional_noexcept(int, void (*)() noexcept);
template <int N> USE void array_of(int (&)[N + 1], int (*)[N]) {}
template void array_of<3>(int (&)[4], int (*)[3]);
template <class T> USE decltype(auto) decltype_auto(T t) { return (t); }
template decltype(auto) decltype_auto(int);
template <class T> USE void requires_clause(T)
  requires Trait<T>::value && (sizeof(T) < 9)
{}
template void requires_clause(int);
template <class T, class U = int> concept Fine = sizeof(T) > 0;
template <class T> concept Complex = requires(T t, int i) {
  t + i;
  { t++ } noexcept -> Fine<int>;
  typename Trait<T>::type;
  requires Trait<T>::value;
};
template <Fine T> USE void constrained(T) {}
template void constrained(int);
template <Fine<int> T, Fine auto V> USE void constrained_value(T) {}
template void constrained_value<int, 3>(int);
USE void constrained_auto(Fine auto, Fine<char> auto *...) {}
template void constrained_auto(int, char *);
template <class T> USE void inline_requires(T)
  requires requires(T t, int i) {
    t + i;
    { t++ } noexcept -> Fine<int>;
    typename Trait<T>::type;
    requires Trait<T>::value;
  }
{}
template void inline_requires(int);
template <template <Fine T> class C, Fine... P> USE void constrained_template() {}
template <Fine T> struct TakesFine {};
template void constrained_template<TakesFine, int, char>();
template <class T> struct FriendWithRequires {
  USE friend void member_like(FriendWithRequires)
    requires Trait<T>::value
  {}
};
USE void calls_member_like() { member_like(FriendWithRequires<int>()); }
USE void enable_if_attribute(int n) __attribute__((enable_if(n > 1, "too small"))) {}
template <class T> USE auto lambda_in_signature(T) -> Value<[](auto x, T) { return x; }> { return {}; }
template <class T> USE void alias_dependent(typename Trait<T>::type, typename Trait<T *>::type &) {}
template void alias_dependent<int>(int, int *&);
template <class T> USE void elaborated(struct T::Nested *) {}
struct HasNested {
  struct Nested {};
};
template void elaborated<HasNested>(HasNested::Nested *);
extern "C" USE void c_name(void (*)()) {}
USE void block(void (^)(int)) {}
USE void address_space(__attribute__((address_space(3))) int *) {}
USE void externref(__externref_t) {}
USE void call_convention(void (*)(int) __attribute__((preserve_most))) {}
