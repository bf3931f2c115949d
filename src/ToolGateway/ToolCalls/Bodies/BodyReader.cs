using System.Buffers;
using Microsoft.AspNetCore.Http;
using ToolGateway.Enforcement;

namespace ToolGateway.ToolCalls.Bodies;

/// <summary>Reads whole request bodies, within a limit.</summary>
internal static class BodyReader
{
    public static readonly CallRefusal TooLarge = new(413, ReasonCodes.BodyTooLarge, "The body is larger than this gateway accepts.");

    private static readonly CallRefusal Slow = new(408, ReasonCodes.RequestTimeout, "The body did not arrive in time.");
    private static readonly CallRefusal Broken = new(400, ReasonCodes.RequestMalformed, "The body could not be read to its end.");
    private static readonly CallRefusal Unfinished = Broken with { Detail = "The body ended before all of it had come.", IsAborted = true };

    /// <summary>Reads the body. <paramref name="cancellation"/> ends a reading that takes too long or whose caller is gone.</summary>
    /// <remarks>The result is never pooled: an evaluation that outlives its call may still read it.</remarks>
    public static async ValueTask<BodyResult> ReadAsync(HttpRequest request, long limit, CancellationToken cancellation)
    {
        limit = Math.Min(limit, Array.MaxLength);
        if (request.ContentLength > limit)
            return new BodyResult(default, TooLarge);
        try
        {
            return request.ContentLength is { } length
                ? await ReadExactlyAsync(request.Body, (int)length, cancellation).ConfigureAwait(false)
                : await ReadToEndAsync(request.Body, limit, cancellation).ConfigureAwait(false);
        }
        catch (BadHttpRequestException e)
        {
            return new BodyResult(default, e.StatusCode switch { 413 => TooLarge, 408 => Slow, _ => IsEarlyEnd(e) ? Unfinished : Broken });
        }
        catch (OperationCanceledException)
        {
            return new BodyResult(default, Slow);
        }
        catch (IOException)
        {
            return new BodyResult(default, Unfinished);
        }
    }

    /// <summary>Whether the sender went away, in contrast to bytes that are no body. Kestrel tells the two apart by this text alone.</summary>
    public static bool IsEarlyEnd(BadHttpRequestException exception) => exception.Message.StartsWith("Unexpected end of request content", StringComparison.Ordinal);

    private static async ValueTask<BodyResult> ReadExactlyAsync(Stream body, int length, CancellationToken cancellation)
    {
        if (length == 0)
            return default;
        var bytes = GC.AllocateUninitializedArray<byte>(length);
        var read = await body.ReadAtLeastAsync(bytes, length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
        return read == length ? new BodyResult(bytes, null) : new BodyResult(default, Unfinished);
    }

    private static async ValueTask<BodyResult> ReadToEndAsync(Stream body, long limit, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(4096);
        try
        {
            var count = 0;
            while (true)
            {
                var read = await body.ReadAsync(buffer.AsMemory(count), cancellation).ConfigureAwait(false);
                if (read == 0)
                    return new BodyResult(buffer.AsSpan(0, count).ToArray(), null);
                count += read;
                if (count > limit)
                    return new BodyResult(default, TooLarge);
                if (count == buffer.Length)
                    buffer = Grow(buffer);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte[] Grow(byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}

/// <summary>A body, or why it was refused.</summary>
internal readonly record struct BodyResult(ReadOnlyMemory<byte> Body, CallRefusal? Refusal);
