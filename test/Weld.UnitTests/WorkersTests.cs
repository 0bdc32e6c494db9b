using Weld.Linker;
using Xunit;

namespace Weld.UnitTests;

public sealed class WorkersTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void Nested_work_is_done_once(int threads)
    {
        const int Outer = 6;
        const int Inner = 50;
        int[] done = new int[Outer * Inner * 2];
        for (int round = 1; round <= 20; round++)
        {
            Workers.Both(threads, () => Nest(0), () => Nest(Outer * Inner));
            Assert.All(done, times => Assert.Equal(round, times));
        }

        void Nest(int first) => Workers.ForEach(Outer, threads, outer =>
            Workers.ForEach(Inner, threads, inner =>
            {
                Interlocked.Increment(ref done[first + (outer * Inner) + inner]);
                Thread.SpinWait(500);
            }, minimumPerThread: 1), minimumPerThread: 1);
    }

    [Fact]
    public void An_exception_comes_out_of_nested_work() =>
        Assert.Throws<InvalidOperationException>(() => Workers.ForEach(4, 2, outer =>
            Workers.ForEach(4, 2, inner =>
            {
                if (outer == 1 && inner == 2)
                    throw new InvalidOperationException();
            }, minimumPerThread: 1), minimumPerThread: 1));
}
